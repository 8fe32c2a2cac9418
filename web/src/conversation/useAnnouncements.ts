import { useEffect, useRef } from 'react';
import type { ConversationView, Uuid } from '../client/types';
import { announce } from '../app/Announcer';

/** Says what arrives in the open chat; never what is read from the history, and never what this person sent. */
export function useAnnouncements(view: ConversationView, nameOf: (id: Uuid) => string, group: string | null): void {
  const newest = useRef<string | null>(null);
  useEffect(() => {
    const last = view.messages.at(-1)?.localId ?? null;
    const before = newest.current;
    newest.current = last;
    // Catching up is history, too.
    if (view.status !== 'live' || before === null || before === last) return;
    const at = view.messages.findLastIndex((message) => message.localId === before);
    if (at < 0) return;
    for (const message of view.messages.slice(at + 1)) {
      if (message.mine || message.kind !== 'text') continue;
      const name = nameOf(message.senderId);
      const text = message.text.length > 200 ? `${message.text.slice(0, 200)}…` : message.text;
      announce(`${name}: ${text}`, (count) => `${count} new messages ${group ? `in ${group}` : `from ${name}`}`);
    }
  }, [view, nameOf, group]);
}
