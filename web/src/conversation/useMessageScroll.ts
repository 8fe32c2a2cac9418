// Where the message list stands: at the end and following it, or somewhere above, holding still whatever is added at either side.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { estimateRow, type Row } from './rows';

/** Pixels from the end within which the list follows new messages. */
const endThreshold = 60;
/** Kept free above the oldest message for the word on what lies beyond. Constant, so that its change moves nothing. */
export const headSpace = 72;

export function useMessageScroll(rows: readonly Row[], dividerIndex: number, ready: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const latest = useRef(rows);
  latest.current = rows;

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateRow(latest.current[index], scroller.current?.clientWidth ?? 600),
    getItemKey: useCallback((index: number) => rows[index]?.message.localId ?? index, [rows]),
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endThreshold,
    overscan: 8,
    paddingStart: headSpace,
    paddingEnd: 12,
  });

  const toEnd = useCallback((smooth = false) => {
    const far = virtualizer.getDistanceFromEnd() > 4 * (scroller.current?.clientHeight ?? 800);
    virtualizer.scrollToEnd({ behavior: smooth && !far ? 'smooth' : 'auto' });
  }, [virtualizer]);

  // The first rows: stand at their end, or where the unread ones begin if those fill more than the pane.
  const placed = useRef<'no' | 'end' | 'done'>('no');
  useLayoutEffect(() => {
    if (rows.length === 0 || placed.current === 'done') return;
    if (placed.current === 'no') virtualizer.scrollToEnd();
    placed.current = 'end';
    if (!ready) return;
    placed.current = 'done';
    if (dividerIndex >= 0) virtualizer.scrollToIndex(dividerIndex, { align: 'start' });
  }, [rows.length, dividerIndex, ready, virtualizer]);

  // A taller composer or the keyboard of a phone takes room at the bottom: what stood there moves up with it.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const lost = height - element.clientHeight;
      height = element.clientHeight;
      if (lost !== 0) element.scrollTop += lost;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element) setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight <= endThreshold);
  }, []);

  return { scroller, virtualizer, atEnd, toEnd, onScroll };
}
