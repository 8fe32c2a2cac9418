// What the tabs of a browser say to each other. One of them, the leader, runs the engine; the others show what it publishes and send
// it what their users do. All of it are plain values: they cross a BroadcastChannel.
import type { OutboxEntry } from '../machine/outbox';
import type { Chat, ConnectionState, Message, Problem, TimeUuid, Uuid } from '../types';

/** A tab as the leader needs to know it. */
export interface Presence {
  readonly visible: boolean;
  /** Chats on screen: they take the attention lease while the tab is visible. */
  readonly viewing: readonly Uuid[];
  /** Chats whose messages the tab wants to have. */
  readonly watched: readonly Uuid[];
}

export interface ChatState {
  readonly status: 'loading' | 'cached' | 'live' | 'error';
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  readonly problem: Problem | null;
  readonly cursor: TimeUuid | null;
  readonly oldest: TimeUuid | null;
}

/** `reset`: all there is, instead of what changed. */
export interface ChatUpdate {
  readonly chatId: Uuid;
  readonly reset: boolean;
  readonly state: ChatState;
  readonly messages: readonly Message[];
  readonly gone: readonly TimeUuid[];
}

export interface ListUpdate {
  readonly reset: boolean;
  readonly chats: readonly Chat[];
  readonly gone: readonly Uuid[];
  readonly hasMore: boolean;
  readonly status: 'loading' | 'cached' | 'live' | 'error';
  readonly totalUnread: number;
}

export interface OutboxUpdate {
  readonly reset: boolean;
  readonly put: readonly OutboxEntry[];
  readonly gone: readonly Uuid[];
}

export interface Update {
  readonly list?: ListUpdate;
  readonly chats?: readonly ChatUpdate[];
  readonly outbox?: OutboxUpdate;
  readonly connection?: ConnectionState;
}

export type Command =
  | { readonly do: 'send'; readonly entry: OutboxEntry }
  | { readonly do: 'retry' | 'discard'; readonly key: Uuid }
  | { readonly do: 'markRead'; readonly chatId: Uuid; readonly messageId: TimeUuid }
  /** A chat that the tab has just opened or created. */
  | { readonly do: 'adopt'; readonly chat: Chat }
  /** Answered by a reply with the same ticket. */
  | { readonly do: 'older'; readonly chatId: Uuid; readonly ticket: string }
  | { readonly do: 'moreChats'; readonly ticket: string };

export type TabMessage =
  /** To the leader. */
  | { readonly say: 'hello'; readonly tab: string; readonly presence: Presence; readonly unsettled: readonly OutboxEntry[] }
  | { readonly say: 'presence'; readonly tab: string; readonly presence: Presence }
  | { readonly say: 'command'; readonly tab: string; readonly command: Command }
  /** A visible tab lends the leader its clock: timers of hidden pages are slowed down. */
  | { readonly say: 'tick' }
  /** Somebody uses a tab while the stream is another client's. */
  | { readonly say: 'attended' }
  /** From the leader. `no` rises by one with every update to all. */
  | { readonly say: 'leading'; readonly leader: string }
  | { readonly say: 'update'; readonly leader: string; readonly no: number; readonly to: string | null; readonly update: Update }
  | { readonly say: 'message'; readonly to: string; readonly message: Message; readonly chat: Chat | null }
  | { readonly say: 'reply'; readonly to: string; readonly ticket: string; readonly problem: Problem | null }
  /** From anybody: look into the store. */
  | { readonly say: 'session'; readonly what: 'begun' | 'renewed' | 'logout' | 'expired' };
