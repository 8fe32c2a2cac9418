// What the list draws for each message, worked out from its neighbours. Pure: the virtualiser's rows are exactly these.
import type { ShownMessage } from '../client/types';
import { startOfDay } from '../text/time';

export interface Row {
  readonly message: ShownMessage;
  /** Milliseconds since 1970 of the day's start where a day begins, else null. */
  readonly day: number | null;
  /** The unread divider stands above. */
  readonly unread: boolean;
  /** First and last of what one person said in one go. */
  readonly first: boolean;
  readonly last: boolean;
}

/** Messages of one sender further apart than this begin a new group; milliseconds. */
export const groupGap = 5 * 60_000;

export function buildRows(messages: readonly ShownMessage[], divider: string | null, hasOlder: boolean): Row[] {
  const shown = messages.filter((message) => message.kind === 'text');
  const begins = shown.map((message, index) => {
    const before = shown[index - 1];
    const newDay = !before || startOfDay(before.sentAt) !== startOfDay(message.sentAt);
    const unread = message.localId === divider;
    return {
      newDay,
      unread,
      group: newDay || unread || before.senderId !== message.senderId || message.sentAt - before.sentAt > groupGap,
    };
  });
  return shown.map((message, index) => {
    const { newDay, unread, group } = begins[index]!;
    // Above the oldest one held, more is to come: what it begins is not known yet, and a line that goes away again would move the text.
    const open = index === 0 && hasOlder;
    return {
      message,
      day: newDay && !open ? startOfDay(message.sentAt) : null,
      unread,
      first: group && !open,
      last: begins[index + 1]?.group ?? true,
    };
  });
}

/** Height in pixels before it has been measured: near enough that the scrollbar does not jump. */
export function estimateRow(row: Row | undefined, width: number): number {
  if (!row) return 60;
  const perLine = Math.max(20, Math.min(width * 0.72, 544) / 7.4);
  const lines = row.message.text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / perLine)), 0);
  return 18 + lines * 21 + (row.first ? 10 : 2) + (row.day === null ? 0 : 46) + (row.unread ? 40 : 0);
}
