import { useRef } from 'react';
import { BEFORE_EVERYTHING } from '../client';
import type { ConversationView, ShownMessage } from '../client/types';

export interface Divider {
  /** The mark this was worked out from. */
  readonly after: string | null;
  /** The message the divider stands above. */
  readonly before: string | null;
  readonly settled: boolean;
}

export const noDivider: Divider = { after: null, before: null, settled: false };

/** The first message of somebody else after the mark; null if there is none. */
export function firstUnread(messages: readonly ShownMessage[], mark: number): string | null {
  return messages.slice(mark + 1).find((message) => !message.mine && message.kind === 'text')?.localId ?? null;
}

/**
 * Where the unread divider stands. Settled once the conversation has caught up and the mark is among the messages held:
 * what arrives while somebody is looking is not "new since you left".
 */
export function nextDivider(divider: Divider, view: ConversationView): Divider {
  const after = view.dividerAfter;
  if (divider.settled && divider.after === after) return divider;
  if (after === null) return divider.after === null ? divider : noDivider;
  const mark = view.messages.findLastIndex((message) => message.id === after);
  const held = mark >= 0 || (after === BEFORE_EVERYTHING && !view.hasOlder);
  const before = held ? firstUnread(view.messages, mark) : null;
  return { after, before, settled: held && view.status === 'live' };
}

export function useDivider(view: ConversationView): string | null {
  const kept = useRef(noDivider);
  kept.current = nextDivider(kept.current, view);
  return kept.current.before;
}

/** Older pages are worth reading only to find where the unread messages begin: so many are unread, and the mark is not held yet. */
export function isSeeking(view: ConversationView, unreadAtOpen: number): boolean {
  if (unreadAtOpen === 0 || view.dividerAfter === null || !view.hasOlder) return false;
  // The server counts to 100; somewhat more, for own messages in between.
  if (view.messages.length > Math.min(unreadAtOpen, 100) + 40) return false;
  return !view.messages.some((message) => message.id === view.dividerAfter);
}
