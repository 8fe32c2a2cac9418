import type { ConnectionState, Message, Problem, TimeUuid, Uuid } from '../types';
import type { ChannelKind, ReadMark } from '../wire';
import type { OutboxEntry } from './outbox';

/** What the delivery machine tells the shell to do. Requests carry a number, under which their answer or failure comes back, once. */
export type Action =
  | { readonly do: 'openStream'; readonly conn: number; readonly lastEventId: string | null }
  | { readonly do: 'closeStream'; readonly conn: number }
  | { readonly do: 'listenToMailbox' }
  | { readonly do: 'leaveMailbox' }
  | { readonly do: 'putAttention'; readonly request: number; readonly channel: ChannelKind; readonly viewing: readonly Uuid[] }
  /** Needs no answer. */
  | { readonly do: 'deleteAttention' }
  | { readonly do: 'getHeads'; readonly request: number }
  | { readonly do: 'getAfter'; readonly request: number; readonly chatId: Uuid; readonly after: TimeUuid }
  | { readonly do: 'getLatest'; readonly request: number; readonly chatId: Uuid }
  | { readonly do: 'getBefore'; readonly request: number; readonly chatId: Uuid; readonly before: TimeUuid }
  | { readonly do: 'post'; readonly request: number; readonly entry: OutboxEntry }
  | Change;

/** What the delivery machine tells the views and the store. */
export type Change =
  /** A message is held now that was not. */
  | { readonly do: 'show'; readonly message: Message }
  /** A message is told of whose text must be read first. */
  | { readonly do: 'hint'; readonly chatId: Uuid; readonly id: TimeUuid }
  | { readonly do: 'hide'; readonly chatId: Uuid; readonly ids: readonly TimeUuid[] }
  /** A message arrived in sequence and had not been heard of before. */
  | { readonly do: 'announce'; readonly message: Message }
  | { readonly do: 'noteRead'; readonly read: ReadMark }
  /** Read marks may have been made that nobody told of: they are not replayed. */
  | { readonly do: 'noteMissedReads' }
  /** Cursor, status or paging of a chat changed. */
  | { readonly do: 'noteChat'; readonly chatId: Uuid }
  /** The entry was settled (null), refused or put back. */
  | { readonly do: 'noteOutbox'; readonly key: Uuid; readonly entry: OutboxEntry | null }
  /** The server does not know the chat, or not us in it. */
  | { readonly do: 'noteGone'; readonly chatId: Uuid }
  | { readonly do: 'noteConnection'; readonly state: ConnectionState };

/** Why a request has no answer that helps. */
export interface Failure {
  readonly problem: Problem;
  /** No answer, a server's trouble, too many requests: the same request may succeed later. */
  readonly again: boolean;
}
