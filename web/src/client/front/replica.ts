// What a tab has of the leader's state: it applies updates and tells the views which of them are touched.
import { compareTimeUuid, isLater } from '../ids';
import type { OutboxEntry } from '../machine/outbox';
import type { ChatState, ChatUpdate, ListUpdate, OutboxUpdate, Update } from '../tabs/protocol';
import type { Chat, ConnectionState, Message, TimeUuid, Uuid } from '../types';

type Claim = Pick<ChatState, 'cursor' | 'oldest'>;

export interface ChatReplica {
  state: ChatState;
  /** What was last known to be held without a gap. */
  claim: Claim;
  readonly messages: Map<TimeUuid, Message>;
  /** `messages`, oldest first; null when it must be sorted again. */
  sorted: Message[] | null;
}

export interface Touched {
  list: boolean;
  connection: boolean;
  readonly chats: Set<Uuid>;
}

type ListState = Pick<ListUpdate, 'hasMore' | 'status' | 'totalUnread'>;
const UNKNOWN: ListState = { hasMore: false, status: 'loading', totalUnread: 0 };

export class Replica {
  readonly list = new Map<Uuid, Chat>();
  listState: ListState = UNKNOWN;
  readonly chats = new Map<Uuid, ChatReplica>();
  readonly outbox = new Map<Uuid, OutboxEntry>();
  /** Sent in this tab, and the leader has not said that it knows them. */
  readonly unsettled = new Map<Uuid, OutboxEntry>();
  connection: ConnectionState = 'connecting';

  /** A message of this tab's user, on screen before anybody else knows of it. */
  sent(entry: OutboxEntry): void {
    this.outbox.set(entry.key, entry);
    this.unsettled.set(entry.key, entry);
  }

  apply(update: Update): Touched {
    const touched: Touched = { list: false, connection: false, chats: new Set() };
    if (update.outbox) this.applyOutbox(update.outbox, touched);
    if (update.list) this.applyList(update.list, touched);
    for (const chat of update.chats ?? []) this.applyChat(chat, touched);
    if (update.connection && update.connection !== this.connection) {
      this.connection = update.connection;
      touched.connection = true;
    }
    return touched;
  }

  messagesOf(chatId: Uuid): readonly Message[] {
    const chat = this.chats.get(chatId);
    if (!chat) return [];
    return (chat.sorted ??= [...chat.messages.values()].sort((a, b) => compareTimeUuid(a.id, b.id)));
  }

  outboxOf(chatId: Uuid): OutboxEntry[] {
    return [...this.outbox.values()].filter((e) => e.chatId === chatId);
  }

  /** Forgets chats that nobody in this tab watches, down to `limit` of them. */
  shed(watched: ReadonlySet<Uuid>, limit: number): void {
    const idle = [...this.chats.keys()].filter((id) => !watched.has(id));
    for (const id of idle.slice(0, Math.max(0, idle.length - limit))) this.chats.delete(id);
  }

  clear(): Touched {
    const touched: Touched = { list: true, connection: true, chats: new Set([...this.chats.keys(), ...this.list.keys(), ...[...this.outbox.values()].map((e) => e.chatId)]) };
    this.list.clear();
    this.chats.clear();
    this.outbox.clear();
    this.unsettled.clear();
    this.listState = UNKNOWN;
    this.connection = 'connecting';
    return touched;
  }

  private applyList(update: ListUpdate, touched: Touched): void {
    const { chats, gone, hasMore, status, totalUnread } = update;
    touched.list = true;
    if (update.reset) {
      const named = new Set(chats.map((c) => c.id));
      for (const id of [...this.list.keys()]) if (!named.has(id)) this.removeFromList(id, touched);
    }
    for (const chat of chats) {
      this.list.set(chat.id, chat);
      touched.chats.add(chat.id);
    }
    for (const id of gone) this.removeFromList(id, touched);
    this.listState = { hasMore, status, totalUnread };
  }

  private removeFromList(id: Uuid, touched: Touched): void {
    this.list.delete(id);
    touched.chats.add(id);
  }

  private applyOutbox(update: OutboxUpdate, touched: Touched): void {
    const named = new Set(update.put.map((e) => e.key));
    if (update.reset)
      for (const [key, entry] of [...this.outbox])
        if (!named.has(key) && !this.unsettled.has(key)) this.settle(key, entry.chatId, touched);
    for (const entry of update.put) {
      this.unsettled.delete(entry.key);
      this.outbox.set(entry.key, entry);
      touched.chats.add(entry.chatId);
    }
    for (const key of update.gone) {
      this.unsettled.delete(key);
      const entry = this.outbox.get(key);
      if (entry) this.settle(key, entry.chatId, touched);
    }
  }

  private settle(key: Uuid, chatId: Uuid, touched: Touched): void {
    this.outbox.delete(key);
    touched.chats.add(chatId);
  }

  private applyChat(update: ChatUpdate, touched: Touched): void {
    let chat = this.chats.get(update.chatId);
    // What changed in a chat of which the whole has not come yet is in the whole.
    if (!chat && !update.reset) return;
    touched.chats.add(update.chatId);
    if (!chat) {
      chat = { state: update.state, claim: update.state, messages: new Map(), sorted: null };
      this.chats.set(update.chatId, chat);
    } else if (update.reset && !continues(chat.claim, update.state)) chat.messages.clear();
    chat.state = update.state;
    if (update.state.cursor !== null) chat.claim = update.state;
    for (const id of update.gone) chat.messages.delete(id);
    for (const message of update.messages) chat.messages.set(message.id, message);
    if (update.reset || update.messages.length > 0 || update.gone.length > 0) chat.sorted = null;
  }
}

/**
 * A new leader begins with what the store kept, which may be a little less than what is on screen. If the two claims touch, what is
 * shown stays; the leader reads on from its cursor and loses nothing. If they do not, there may be a gap between them.
 */
function continues(shown: Claim, whole: ChatState): boolean {
  // A leader that has not looked into the store yet claims nothing.
  if (whole.cursor === null || whole.oldest === null) return whole.status === 'loading';
  return shown.cursor !== null && !isLater(whole.oldest, shown.cursor);
}
