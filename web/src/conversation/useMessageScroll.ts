// Where the message list stands. The scroller runs in reverse (column-reverse): its place is measured from the newest message upwards,
// so older messages, a taller composer or a phone's keyboard move nothing, without a line of code and without a frame in between.
// The virtualiser counts the same way: row 0 is the newest, and offsets are distances from the end.
import { observeElementOffset, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { estimateRow, type Row } from './rows';

/** Pixels from the end within which the list follows new messages. */
const endThreshold = 60;
/** Kept free above the oldest message for the word on what lies beyond. */
const headSpace = 72;
const footSpace = 12;

type MessageVirtualizer = Virtualizer<HTMLDivElement, HTMLDivElement>;

// A reversed scroller reports 0 at its end and negative numbers above.
const observeDistance = (instance: MessageVirtualizer, report: (offset: number, scrolling: boolean) => void) =>
  observeElementOffset(instance, (offset, scrolling) => report(-offset, scrolling));
const scrollToDistance = (
  offset: number,
  { adjustments = 0, behavior }: { adjustments?: number; behavior?: ScrollBehavior },
  instance: MessageVirtualizer,
) => instance.scrollElement?.scrollTo({ top: -(offset + adjustments), ...(behavior && { behavior }) });

/** `rows` oldest first. `divider` is the index among them to start at, -1 for the end, null while it is not known. */
export function useMessageScroll(rows: readonly Row[], divider: number | null) {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const count = rows.length;
  const rowAt = useCallback((index: number) => rows[rows.length - 1 - index], [rows]);

  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateRow(rowAt(index), scroller.current?.clientWidth ?? 600),
    getItemKey: useCallback((index: number) => rowAt(index)?.message.localId ?? index, [rowAt]),
    observeElementOffset: observeDistance,
    scrollToFn: scrollToDistance,
    overscan: 8,
    paddingStart: footSpace,
    paddingEnd: headSpace,
  });

  const toEnd = useCallback((smooth = false) => {
    const element = scroller.current;
    if (!element) return;
    const near = -element.scrollTop < 4 * element.clientHeight && !matchMedia('(prefers-reduced-motion: reduce)').matches;
    element.scrollTo({ top: 0, behavior: smooth && near ? 'smooth' : 'instant' });
  }, []);

  // New messages below: at the end the list follows them, elsewhere it makes room without moving what is being read.
  const newest = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const before = newest.current;
    newest.current = rows.at(-1)?.message.localId;
    const element = scroller.current;
    if (!element || before === undefined || before === newest.current) return;
    if (-element.scrollTop <= endThreshold) {
      if (element.scrollTop !== 0) element.scrollTop = 0;
      return;
    }
    const at = rows.findLastIndex((row) => row.message.localId === before);
    const start = at < 0 ? undefined : virtualizer.getOffsetForIndex(rows.length - 1 - at, 'start')?.[0];
    if (start !== undefined) element.scrollTop -= start - footSpace;
  }, [rows, virtualizer]);

  // Where unread messages fill more than the pane, their beginning is the place to start; unless somebody has moved already.
  const placed = useRef(false);
  useLayoutEffect(() => {
    if (placed.current || divider === null) return;
    placed.current = true;
    if (divider >= 0 && scroller.current?.scrollTop === 0) virtualizer.scrollToIndex(count - 1 - divider, { align: 'auto' });
  }, [divider, count, virtualizer]);

  /** Read from the element: the state follows a scroll event later. */
  const standsAtEnd = useCallback(() => -(scroller.current?.scrollTop ?? 0) <= endThreshold, []);
  const onScroll = useCallback(() => setAtEnd(standsAtEnd()), [standsAtEnd]);

  return { scroller, virtualizer, rowAt, atEnd, standsAtEnd, toEnd, onScroll };
}
