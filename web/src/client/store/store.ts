import type { KeptChat } from '../machine/delivery';
import type { OutboxEntry } from '../machine/outbox';
import type { Chat, Uuid, User } from '../types';

export interface SavedSession {
  readonly accessToken: string;
  /** Milliseconds since 1970 by this browser's clock: counted from the receipt, so that a wrong clock does not matter. */
  readonly expiresAt: number;
  readonly refreshToken: string;
  readonly user: User;
}

export interface SavedChat extends KeptChat {
  readonly chatId: Uuid;
  /** Milliseconds since 1970; the chats used least recently go first. */
  readonly usedAt: number;
}

/** What one turn of the engine wants kept. All of it is written, or nothing. */
export interface Batch {
  readonly list?: readonly Chat[];
  readonly chats?: readonly SavedChat[];
  readonly chatsGone?: readonly Uuid[];
  readonly outboxPut?: readonly OutboxEntry[];
  readonly outboxGone?: readonly Uuid[];
}

/** Chats of which messages are kept. */
export const CHAT_LIMIT = 200;
/** Messages that are kept of a chat. */
export const MESSAGE_LIMIT = 200;

/**
 * What the browser keeps across visits. One batch is atomic, and is dropped if the session is no longer `user`'s: a tab that lags
 * behind must not write into the store after a log-out. Calls may be slow, and may reject when the browser's store fails.
 */
export interface Store {
  /** Do other tabs see the same? */
  readonly shared: boolean;
  /** This browser's name for the server; made by `make` at the first call. Stays at a log-out. */
  device(make: () => Uuid): Promise<Uuid>;
  session(): Promise<SavedSession | null>;
  saveSession(session: SavedSession): Promise<void>;
  list(): Promise<readonly Chat[]>;
  chat(chatId: Uuid): Promise<SavedChat | null>;
  /** Oldest first. */
  outbox(): Promise<readonly OutboxEntry[]>;
  write(user: Uuid, batch: Batch): Promise<void>;
  /** Everything but the device's name. */
  wipe(): Promise<void>;
  close(): void;
}
