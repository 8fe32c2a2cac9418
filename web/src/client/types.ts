// The client library's public face: everything a front end may use, and nothing of how it works.
// Shapes of the wire (`User`, `Chat`, `Message`, …) follow the HTTP contract; the views below are what the library makes of them.

export type Uuid = string;
/** A TimeUUID (version 1). Ordered by `compareTimeUuid`, never as text. */
export type TimeUuid = string;

export interface User {
  id: Uuid;
  username: string;
  display_name: string;
  created_at: string;
  /** Only present on oneself. */
  admin?: boolean;
}

export interface Member {
  user_id: Uuid;
  username: string;
  display_name: string;
  read_up_to: TimeUuid | null;
}

export interface Message {
  id: TimeUuid;
  chat_id: Uuid;
  sender_id: Uuid;
  /** Only `text` is known today; others are kept for order and shown as nothing. */
  kind: string;
  text: string;
  sent_at: string;
  /** The idempotency key of the send; shown to its sender only. */
  key: Uuid | null;
}

export interface Chat {
  id: Uuid;
  kind: 'direct' | 'group';
  title: string | null;
  member_count: number;
  /** At most five, oneself among them; `Conversation.members` has them all. */
  members: readonly Member[];
  created_at: string;
  last_message: Message | null;
  /** Messages of others after my read mark, counted to 100 and no further. */
  unread: number;
  read_up_to: TimeUuid | null;
  state: 'active' | 'requested' | 'blocked';
}

/** What the server, or the network, said no with. `code` is the last part of the problem's `type`; `network` if there was no answer. */
export interface Problem {
  code: string;
  /** HTTP status; 0 without an answer. */
  status: number;
  detail: string;
  /** Seconds after which a retry makes sense, where the server said so. */
  retryAfter?: number;
}

/** A value that changes over time, in the shape of React's `useSyncExternalStore`: `get` returns the same object until it changes. */
export interface Live<T> {
  get(): T;
  /** Calls `listener` after every change; returns the function that ends it. */
  subscribe(listener: () => void): () => void;
}

export interface ShownMessage {
  /** Stable across the change from optimistic to stored: the React key. */
  readonly localId: string;
  /** null while it has no place in the history yet. */
  readonly id: TimeUuid | null;
  readonly key: Uuid | null;
  readonly senderId: Uuid;
  readonly mine: boolean;
  readonly kind: string;
  readonly text: string;
  /** Milliseconds since 1970; the moment of sending on this device for an optimistic one. */
  readonly sentAt: number;
  /** `read`: somebody else's read mark has reached it (own messages only). */
  readonly state: 'sending' | 'sent' | 'read' | 'failed';
  readonly problem?: Problem;
}

export interface ConversationView {
  /** null until the chat's information is known. */
  readonly chat: Chat | null;
  /** Oldest first; optimistic ones last. */
  readonly messages: readonly ShownMessage[];
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** `cached`: shown from this browser's store, not yet confirmed; `live`: caught up. */
  readonly status: 'loading' | 'cached' | 'live' | 'error';
  readonly problem?: Problem;
  /**
   * The read mark as it was when the conversation was opened: the unread divider stands after it. `BEFORE_EVERYTHING`: nothing had been
   * read; null: nothing was new.
   */
  readonly dividerAfter: TimeUuid | null;
}

export interface Conversation {
  readonly chatId: Uuid;
  readonly view: Live<ConversationView>;
  /** The chat is on screen and the page visible: takes the attention lease. Returns the function that ends it. */
  open(): () => void;
  /** Puts the message on screen and into the persisted outbox at once; never throws for the network's sake. */
  send(text: string): void;
  retry(localId: string): void;
  discard(localId: string): void;
  /** Reads one older page; does nothing while one is being read or none is left. */
  loadOlder(): Promise<void>;
  /** Everything shown has been seen. */
  markRead(): void;
  /** All members, page by page. */
  members(after?: string): Promise<{ members: Member[]; next: string | null }>;
}

export interface ChatListView {
  /** Newest activity first. */
  readonly chats: readonly Chat[];
  readonly hasMore: boolean;
  readonly status: 'loading' | 'cached' | 'live' | 'error';
  readonly totalUnread: number;
}

/** `live`: the push channel is open; `reconnecting`: it was, and is being opened again; `offline`: the browser says so, or nothing answers;
 * `replaced`: another stream of this device took the place of this client's, which waits until its page is attended to. */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'replaced';

export interface CaravanEvents {
  /** A message of somebody else that arrived as news; fired in one tab of the browser only, so that one notification is shown. */
  message: (message: Message, chat: Chat | null) => void;
  /** The session ended and could not be renewed. */
  signedOut: (reason: 'logout' | 'expired') => void;
}

export interface Caravan {
  /** null: nobody is logged in. */
  readonly me: Live<User | null>;
  readonly connection: Live<ConnectionState>;
  readonly chats: Live<ChatListView>;
  /** Fulfilled when this browser's store was asked for a session: only then does `me` = null mean that nobody is logged in. Never rejects. */
  readonly ready: Promise<void>;

  /** Makes the account and logs in with it. */
  register(username: string, password: string, displayName?: string): Promise<User>;
  login(username: string, password: string): Promise<User>;
  logout(): Promise<void>;
  updateProfile(displayName: string): Promise<User>;
  changePassword(oldPassword: string, newPassword: string): Promise<void>;

  findUsers(query: string, after?: string): Promise<{ users: User[]; next: string | null }>;
  openDirect(userId: Uuid): Promise<Chat>;
  createGroup(members: readonly Uuid[], title: string): Promise<Chat>;
  loadMoreChats(): Promise<void>;
  /** The same object for the same chat. */
  conversation(chatId: Uuid): Conversation;

  on<E extends keyof CaravanEvents>(event: E, listener: CaravanEvents[E]): () => void;
  /** Ends timers, the stream and locks; for tests and hot reload. */
  close(): void;
}

/** Rejections of the calls above are of this kind. */
export class CaravanError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'CaravanError';
  }
}
