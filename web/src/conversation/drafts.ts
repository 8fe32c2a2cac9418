// What was typed and not sent, per person and chat. Kept in this browser until it is sent or the person logs out.
import type { Live, Uuid } from '../client/types';
import { readStored, storedKeys, writeStored } from '../app/storage';

const prefix = 'caravan.draft.';
const listeners = new Set<() => void>();
const cache = new Map<string, string>();

const keyOf = (me: Uuid, chatId: Uuid) => `${prefix}${me}.${chatId}`;

export const drafts = {
  get(me: Uuid, chatId: Uuid): string {
    const key = keyOf(me, chatId);
    let text = cache.get(key);
    if (text === undefined) cache.set(key, (text = readStored(key) ?? ''));
    return text;
  },

  set(me: Uuid, chatId: Uuid, text: string): void {
    const key = keyOf(me, chatId);
    const kept = text.trim() === '' ? '' : text;
    if (cache.get(key) === kept) return;
    cache.set(key, kept);
    writeStored(key, kept === '' ? null : kept);
    for (const listener of [...listeners]) listener();
  },

  /** Everybody's: a shared computer must not show the next person what the last one did not send. */
  wipe(): void {
    cache.clear();
    for (const key of storedKeys(prefix)) writeStored(key, null);
    for (const listener of [...listeners]) listener();
  },

  live(me: Uuid, chatId: Uuid): Live<string> {
    return {
      get: () => drafts.get(me, chatId),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  },
};
