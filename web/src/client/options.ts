// What `createCaravan` may be given. Everything has a default that suits a browser; tests replace the parts that touch the world.
import type { Store } from './store/store';

/** The part of `BroadcastChannel` that is used. */
export interface TabChannel {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  close(): void;
}

/** The part of the Web Locks interface that is used. */
export interface Locks {
  request<T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T>;
}

/** The page: whether it is visible, and whether the browser believes in a network. */
export interface Page {
  visible(): boolean;
  online(): boolean;
  /**
   * Calls `changed` whenever one of the two may have changed or the page wakes up; when somebody turns to the page (`attended`: focus, a
   * key, a click); and when it is about to go (`leaving`).
   */
  watch(changed: (event: 'changed' | 'attended' | 'leaving') => void): () => void;
}

export interface CaravanOptions {
  /** Origin of the auth routes (`/users`, `/login`, …), without a slash at the end; default: the page's own. */
  authUrl?: string;
  /** Origin of the chat routes (`/chat`, `/stream`, …); default: the page's own. */
  chatUrl?: string;
  /** Prefix of the database, the locks and the channel, so that two installations under one origin stay apart; default `caravan`. */
  name?: string;
  /** Messages in a page of history, 1–200; default 10. */
  pageSize?: number;

  fetch?: typeof fetch;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** A number from 0 to below 1, for jitter. */
  random?: () => number;
  /** A new UUID: idempotency keys, device names, tab names. */
  uuid?: () => string;
  /** null: memory only, and every tab is on its own. */
  store?: Store | null;
  /** null: every tab is on its own. */
  locks?: Locks | null;
  /** null: every tab is on its own. */
  channel?: ((name: string) => TabChannel) | null;
  page?: Page;
}
