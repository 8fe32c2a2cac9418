import { BEFORE_EVERYTHING, compareTimeUuid, isLater } from '../ids';
import type { KeptChat } from './delivery';
import type { ChatHistory } from './history';

/**
 * What the browser's store keeps of a chat: its newest `limit` messages. Cursor and messages are one value, so that no write can
 * persist a cursor ahead of the messages that it claims. null: there is no cursor yet, so nothing can be claimed.
 */
export function keep(chat: ChatHistory, limit: number): KeptChat | null {
  if (chat.cursor === null || chat.oldest === null) return null;
  const { oldest } = chat;
  const messages = chat.sorted().filter((m) => compareTimeUuid(m.id, oldest) >= 0);
  if (messages.length <= limit) return { cursor: chat.cursor, oldest, messages };
  const newest = messages.slice(-limit);
  const first = newest[0]?.id ?? BEFORE_EVERYTHING;
  // Messages above the cursor may fill the limit: then nothing can be claimed, and the chat is read anew.
  if (isLater(first, chat.cursor)) return null;
  return { cursor: chat.cursor, oldest: first, messages: newest };
}
