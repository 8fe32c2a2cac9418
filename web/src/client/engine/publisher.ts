import type { DeliveryMachine } from '../machine/delivery';
import type { ChatList } from '../machine/chatList';
import type { OutboxEntry } from '../machine/outbox';
import type { Chat, ConnectionState, Message, TimeUuid, Uuid } from '../types';
import type { ChatState, ChatUpdate, ListUpdate, Update } from '../tabs/protocol';

interface Changes {
  readonly messages: Map<TimeUuid, Message>;
  readonly gone: Set<TimeUuid>;
}

/** Gathers what changed since the last update, and writes down all there is for a tab that comes in. */
export class Publisher {
  private readonly chats = new Map<Uuid, Changes>();
  /** Chats that were published with a cursor: from then on changes suffice. */
  private readonly claimed = new Set<Uuid>();
  private readonly outbox = new Map<Uuid, OutboxEntry | null>();
  private listStatus = '';
  private connectionChanged = false;
  connection: ConnectionState = 'connecting';
  /** Chats that the server refused to show, by id. */
  readonly lost = new Set<Uuid>();

  constructor(
    private readonly machine: DeliveryMachine,
    private readonly list: ChatList,
  ) {}

  chatChanged(chatId: Uuid): Changes {
    let changes = this.chats.get(chatId);
    if (!changes) {
      changes = { messages: new Map(), gone: new Set() };
      this.chats.set(chatId, changes);
    }
    return changes;
  }

  shown(message: Message): void {
    const changes = this.chatChanged(message.chat_id);
    changes.gone.delete(message.id);
    changes.messages.set(message.id, message);
  }

  hidden(chatId: Uuid, ids: readonly TimeUuid[]): void {
    const changes = this.chatChanged(chatId);
    for (const id of ids) {
      changes.messages.delete(id);
      changes.gone.add(id);
    }
  }

  outboxChanged(key: Uuid, entry: OutboxEntry | null): void {
    this.outbox.set(key, entry);
  }

  connected(state: ConnectionState): void {
    this.connection = state;
    this.connectionChanged = true;
  }

  /** null when nothing changed that anybody watches. */
  takeUpdate(watched: ReadonlySet<Uuid>): Update | null {
    const chats: ChatUpdate[] = [];
    for (const [chatId, { messages, gone }] of this.chats)
      if (watched.has(chatId)) chats.push(this.changes(chatId, [...messages.values()], [...gone]));
    this.chats.clear();
    const list = this.takeList();
    const update = {
      ...(list ? { list } : {}),
      ...(chats.length > 0 ? { chats } : {}),
      ...(this.outbox.size > 0 ? { outbox: this.takeOutbox() } : {}),
      ...(this.connectionChanged ? { connection: this.connection } : {}),
    };
    this.connectionChanged = false;
    return Object.keys(update).length > 0 ? update : null;
  }

  /** The chat is no longer in the machine. */
  chatClosed(chatId: Uuid): void {
    this.claimed.delete(chatId);
  }

  everything(watched: readonly Uuid[]): Update {
    return {
      list: { reset: true, chats: [...this.list.chats.values()], gone: [], ...this.listState() },
      chats: watched.map((id) => this.wholeChat(id)),
      outbox: { reset: true, put: [...this.machine.outbox.entries.values()], gone: [] },
      connection: this.connection,
    };
  }

  wholeChat(chatId: Uuid): ChatUpdate {
    const messages = this.machine.chats.get(chatId)?.sorted() ?? [];
    return { chatId, reset: true, state: this.state(chatId), messages, gone: [] };
  }

  private changes(chatId: Uuid, messages: readonly Message[], gone: readonly TimeUuid[]): ChatUpdate {
    const state = this.state(chatId);
    if (state.cursor !== null && !this.claimed.has(chatId)) {
      this.claimed.add(chatId);
      return this.wholeChat(chatId);
    }
    return { chatId, reset: false, state, messages, gone };
  }

  private takeList(): ListUpdate | null {
    const { changed } = this.list;
    const state = this.listState();
    const status = JSON.stringify(state);
    if (changed.size === 0 && status === this.listStatus) return null;
    this.listStatus = status;
    const chats: Chat[] = [];
    const gone: Uuid[] = [];
    for (const id of changed) {
      const chat = this.list.chats.get(id);
      if (chat) chats.push(chat);
      else gone.push(id);
    }
    changed.clear();
    return { reset: false, chats, gone, ...state };
  }

  private listState(): Pick<ListUpdate, 'hasMore' | 'status' | 'totalUnread'> {
    return { hasMore: typeof this.list.next === 'string', status: this.list.status, totalUnread: this.list.totalUnread };
  }

  private takeOutbox() {
    const put = [...this.outbox.values()].filter((e) => e !== null);
    const gone = [...this.outbox].filter(([, e]) => e === null).map(([key]) => key);
    this.outbox.clear();
    return { reset: false, put, gone };
  }

  private state(chatId: Uuid): ChatState {
    const chat = this.machine.chats.get(chatId);
    const cursor = chat?.cursor ?? null;
    const problem = chat?.problem ?? null;
    const failed = this.lost.has(chatId) || (chat && cursor === null && problem !== null && !chat.wantsLatest);
    const status = failed ? 'error' : cursor === null ? 'loading' : this.machine.run.caughtUp.has(chatId) ? 'live' : 'cached';
    return { status, hasOlder: chat?.hasOlder ?? false, loadingOlder: chat?.wantsOlder ?? false, problem, cursor, oldest: chat?.oldest ?? null };
  }
}
