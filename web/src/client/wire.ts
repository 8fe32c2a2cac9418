// What the servers say besides the public shapes. Parsing is tolerant: unknown fields, kinds and events are ignored, and what
// cannot be understood is treated as if it had not arrived (the sequence numbers then tell that something is missing).
import type { Chat, Message, TimeUuid, User, Uuid } from './types';

/** A base line: the push state's epoch and the last number given in it. */
export interface Line {
  readonly epoch: string;
  readonly seq: number;
}

/** A message in news; with `fetch: true` its text was too long to travel and must be read from the history. */
export type NewsMessage = Omit<Message, 'text'> & { readonly text?: string; readonly fetch?: boolean };

export interface ReadMark {
  readonly chat_id: Uuid;
  readonly user_id: Uuid;
  readonly message_id: TimeUuid;
}

export interface NewsEntry {
  readonly seq: number;
  readonly chat_id: Uuid;
  readonly messages: readonly NewsMessage[];
}

/** Aggregates of one recipient, contiguous from `first` to `seq`. */
export interface News {
  readonly epoch: string;
  readonly first: number;
  readonly seq: number;
  readonly news: readonly NewsEntry[];
  readonly reads: readonly ReadMark[];
}

export type ChannelKind = 'stream' | 'firestore';

export interface LeaseAnswer {
  readonly epoch: string | null;
  readonly seq: number;
  readonly expires_in: number;
  readonly channel: ChannelKind;
}

export interface Head {
  readonly chat_id: Uuid;
  readonly last_message_id: TimeUuid | null;
  readonly unread: number;
}

export interface MessagePage {
  readonly messages: readonly Message[];
  readonly next: TimeUuid | null;
}

export interface ChatPage {
  readonly chats: readonly Chat[];
  readonly next: string | null;
}

export interface SessionAnswer {
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly user: User;
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function parseLine(value: unknown): Line | null {
  const f = fields(value);
  return f && typeof f.epoch === 'string' && typeof f.seq === 'number' ? { epoch: f.epoch, seq: f.seq } : null;
}

/** Why the server ends a stream; empty when it does not say. */
export function parseBye(value: unknown): string {
  const f = fields(value);
  return f && typeof f.reason === 'string' ? f.reason : '';
}

export function parseRead(value: unknown): ReadMark | null {
  const f = fields(value);
  if (!f || typeof f.chat_id !== 'string' || typeof f.user_id !== 'string' || typeof f.message_id !== 'string') return null;
  return { chat_id: f.chat_id, user_id: f.user_id, message_id: f.message_id };
}

function parseMessage(value: unknown): NewsMessage | null {
  const f = fields(value);
  if (!f || typeof f.id !== 'string' || typeof f.chat_id !== 'string' || typeof f.sender_id !== 'string') return null;
  const withoutText = f.fetch === true;
  return {
    id: f.id,
    chat_id: f.chat_id,
    sender_id: f.sender_id,
    kind: typeof f.kind === 'string' ? f.kind : 'unknown',
    sent_at: typeof f.sent_at === 'string' ? f.sent_at : '',
    key: typeof f.key === 'string' ? f.key : null,
    ...(withoutText ? { fetch: true } : { text: typeof f.text === 'string' ? f.text : '' }),
  };
}

function parseEntry(value: unknown): NewsEntry | null {
  const f = fields(value);
  if (!f || typeof f.seq !== 'number' || typeof f.chat_id !== 'string') return null;
  if (!Array.isArray(f.messages)) return null;
  const messages = f.messages.map(parseMessage);
  return messages.some((m) => m === null) ? null : { seq: f.seq, chat_id: f.chat_id, messages: messages as NewsMessage[] };
}

/** null if any part that carries messages cannot be understood: half an aggregate must not count as received. */
export function parseNews(value: unknown): News | null {
  const f = fields(value);
  if (!f || typeof f.epoch !== 'string' || typeof f.first !== 'number' || typeof f.seq !== 'number' || !Array.isArray(f.news)) return null;
  const news = f.news.map(parseEntry);
  if (news.some((e) => e === null)) return null;
  const reads = list(f.reads).map(parseRead).filter((r) => r !== null);
  return { epoch: f.epoch, first: f.first, seq: f.seq, news: news as NewsEntry[], reads };
}

/** A mailbox document: `news` and `reads` are JSON texts in it. */
export function parseMailbox(value: unknown): News | null {
  const f = fields(value);
  if (!f || typeof f.news !== 'string') return null;
  return parseNews({ ...f, news: parseJson(f.news), reads: typeof f.reads === 'string' ? parseJson(f.reads) : [] });
}

/** `<epoch>:<seq>`, as the stream names its events. */
export function eventId(line: Line): string {
  return `${line.epoch}:${line.seq}`;
}
