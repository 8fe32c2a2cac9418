// The push side of the model server: leases, epochs, numbered aggregates, the ring that is replayed, unfenced mailbox writes.
import type { Line, News, NewsMessage } from '../../../src/client/wire';
import type { Stored } from './ids';

export const LEASE = 60_000;

export type StreamEvent =
  | { readonly event: 'ready' | 'resync'; readonly line: Line }
  | { readonly event: 'news'; readonly news: News };

/** One event stream between a device and the server. */
export class Stream {
  queue: StreamEvent[] = [];
  /** The server still writes to it. */
  open = true;
  /** When the server's end went, and whether the client can see it. */
  endedAt = 0;
  visibleEnd = false;
  constructor(
    readonly device: string,
    readonly conn: number,
  ) {}
}

export interface Aggregate {
  readonly seq: number;
  readonly messages: readonly Stored[];
}

/** What one recipient has on one channel; exists only under a lease. */
export class PushState {
  seq = 0;
  readonly leases = new Map<string, number>();
  readonly streams = new Map<string, Stream>();
  collected: Stored[] = [];
  /** Whether what is collected is to be written: not what only the sender's own device would see. */
  wanted = false;
  ring: Aggregate[] = [];
  /** Numbered and not yet acknowledged (mailbox). */
  frozen: Aggregate | null = null;
  attempt: MailboxWrite | null = null;
  constructor(
    readonly user: string,
    readonly channel: 'stream' | 'firestore',
    readonly epoch: string,
  ) {}

  live(now: number): boolean {
    return this.streams.size > 0 || [...this.leases.values()].some((end) => end > now);
  }
}

/** One attempt; it may land late, and after its retry. */
export class MailboxWrite {
  landed = 0;
  awaited = true;
  constructor(
    readonly user: string,
    readonly document: News,
  ) {}
}

export function newsOf(user: string, epoch: string, aggregates: readonly Aggregate[]): News {
  const news = aggregates.flatMap(({ seq, messages }) => {
    const chats = [...new Set(messages.map((m) => m.chat_id))];
    return chats.map((chat_id) => ({ seq, chat_id, messages: messages.filter((m) => m.chat_id === chat_id).map((m) => travelling(user, m)) }));
  });
  return { epoch, first: aggregates[0]?.seq ?? 0, seq: aggregates.at(-1)?.seq ?? 0, news, reads: [] };
}

/** The document: the last aggregate, and those before it that fit. One that is too large is told by a stub of each chat's last message. */
export function mailboxOf(user: string, epoch: string, ring: readonly Aggregate[], stubAbove: number): News {
  const last = ring.at(-1);
  if (last === undefined || last.messages.length <= stubAbove) {
    const from = ring.findLastIndex((a) => a.messages.length > stubAbove) + 1;
    return newsOf(user, epoch, ring.slice(from));
  }
  const chats = new Map(last.messages.map((m) => [m.chat_id, { ...m, long: true }]));
  return newsOf(user, epoch, [{ seq: last.seq, messages: [...chats.values()] }]);
}

function travelling(user: string, m: Stored): NewsMessage {
  const { text, device: _device, long, ...fields } = m;
  const rest = m.sender_id === user ? fields : { ...fields, key: null };
  return long ? { ...rest, fetch: true } : { ...rest, text };
}
