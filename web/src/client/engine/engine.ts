// The shell of the leading tab: it feeds the machines with what happens and does what they ask for. It decides nothing about
// delivery; that is `machine/delivery.ts`.
import type { Action } from '../machine/action';
import { ChatList } from '../machine/chatList';
import { DeliveryMachine } from '../machine/delivery';
import { ListRequests } from '../machine/listRequests';
import type { Moment } from '../machine/moment';
import type { OutboxEntry } from '../machine/outbox';
import { ReadMarks } from '../machine/readMarks';
import type { StreamEnd } from '../machine/streamLink';
import type { Session } from '../session/session';
import type { Store } from '../store/store';
import type { Command, Presence, Update } from '../tabs/protocol';
import type { ChatApi } from '../transport/chatApi';
import { mayRetry, problemOf } from '../transport/problem';
import type { ServerEvent } from '../transport/sse';
import type { Chat, Message, Problem, Uuid } from '../types';
import { parseJson, parseLine, parseNews, parseRead } from '../wire';
import { Audience } from './audience';
import { Publisher } from './publisher';
import { Saver } from './saver';
import { Streams } from './streams';

/** Chats in a page of the list. */
const LIST_PAGE = 50;
/** Chats that nobody watches any more, but which stay in memory. */
const IDLE_CHATS = 20;

export interface EngineParts {
  readonly me: Uuid;
  /** The leader's own tab. */
  readonly tab: string;
  readonly api: ChatApi;
  readonly session: Session;
  readonly store: Store;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly random: () => number;
  /** `to`: one tab, or null for all. */
  readonly publish: (to: string | null, update: Update) => void;
  readonly tell: (to: string, message: Message, chat: Chat | null) => void;
  readonly reply: (to: string, ticket: string, problem: Problem | null) => void;
}

export class Engine {
  private readonly machine: DeliveryMachine;
  private readonly list: ChatList;
  private readonly marks = new ReadMarks();
  private readonly listRequests = new ListRequests();
  private readonly audience: Audience;
  private readonly publisher: Publisher;
  private readonly saver: Saver;
  private readonly streams: Streams;
  /** Chats in the machine, the one used last at the end. */
  private readonly loaded = new Set<Uuid>();
  private readonly waiting = new Map<Uuid, { readonly tab: string; readonly ticket: string }[]>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private publishing = false;
  private closed = false;

  constructor(private readonly parts: EngineParts) {
    const { me, tab, api, session, store, fetch, now } = parts;
    this.machine = new DeliveryMachine(me);
    this.list = new ChatList(me);
    this.audience = new Audience(tab);
    this.publisher = new Publisher(this.machine, this.list);
    this.saver = new Saver(me, store, this.machine, this.list, now);
    this.streams = new Streams({
      session,
      url: api.streamUrl(),
      fetch,
      now,
      onEvents: (conn, events) => this.turn((m) => events.flatMap((e) => this.streamSaid(conn, e, m))),
      onEnd: (conn: number, end: StreamEnd) => this.turn((m) => this.machine.streamEnded(conn, end, m)),
    });
  }

  /** Takes up what the store has kept, then opens the stream. */
  async begin(): Promise<void> {
    const { store } = this.parts;
    const [list, outbox] = await Promise.all([store.list().catch(() => []), store.outbox().catch(() => [] as OutboxEntry[])]);
    this.turn((m) => {
      this.list.restored(list);
      return [...outbox.flatMap((entry) => this.machine.sent(entry, m)), ...this.machine.start(m)];
    });
  }

  // ---- tabs

  /** A tab comes in, or wants to hear everything again. `unsettled`: what it sent and has not seen settled. */
  attach(tab: string, presence: Presence, unsettled: readonly OutboxEntry[]): void {
    this.turn((m) => unsettled.flatMap((entry) => this.machine.sent(entry, m)));
    this.publishNow();
    this.setPresence(tab, presence);
    this.parts.publish(tab, this.publisher.everything(presence.watched));
  }

  setPresence(tab: string, presence: Presence): void {
    if (this.closed) return;
    const before = this.audience.tabs.get(tab);
    this.audience.tabs.set(tab, presence);
    const added = presence.watched.filter((id) => !before?.watched.includes(id));
    for (const id of added) this.watch(tab, id);
    this.look();
  }

  detach(tab: string): void {
    if (this.audience.tabs.delete(tab)) this.look();
  }

  command(tab: string, command: Command): void {
    this.turn((m) => {
      switch (command.do) {
        case 'send':
          return this.machine.sent(command.entry, m);
        case 'retry':
          return this.machine.retried(command.key, m);
        case 'discard':
          return this.machine.discarded(command.key, m);
        case 'markRead':
          this.list.readHere(command.chatId, command.messageId);
          this.marks.mark(command.chatId, command.messageId);
          return [];
        case 'adopt':
          this.list.infoAnswered(command.chat);
          return [];
        case 'older':
          this.waiting.set(command.chatId, [...(this.waiting.get(command.chatId) ?? []), { tab, ticket: command.ticket }]);
          return this.machine.olderWanted(command.chatId, m);
        case 'moreChats':
          void this.moreChats(tab, command.ticket);
          return [];
      }
    });
  }

  networkChanged(online: boolean): void {
    this.turn((m) => this.machine.networkChanged(online, m));
  }

  /** Somebody uses one of the tabs. */
  attended(): void {
    this.turn((m) => this.machine.attended(m));
  }

  /** Something woke the page: timers may be late. */
  nudge(): void {
    this.turn((m) => this.machine.timePassed(m));
  }

  /** Writes what is not written yet. */
  flush(): Promise<void> {
    return this.saver.flush();
  }

  close(): void {
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.streams.closeAll();
    this.saver.stop();
  }

  // ---- chats come and go

  private watch(tab: string, chatId: Uuid): void {
    const known = this.loaded.delete(chatId);
    this.loaded.add(chatId);
    if (!known) this.publisher.lost.delete(chatId);
    if (!this.list.chats.has(chatId)) this.list.outdated.add(chatId);
    this.parts.publish(tab, { chats: [this.publisher.wholeChat(chatId)] });
    if (known) return;
    void this.parts.store
      .chat(chatId)
      .catch(() => null)
      .then((kept) => this.turn((m) => (kept ? this.machine.restored(chatId, kept, m) : this.machine.opened(chatId, m))));
  }

  private look(): void {
    const { audience } = this;
    this.turn((m) => {
      this.list.looked(audience.viewing);
      return this.machine.looked(audience.visible, audience.viewing, m);
    });
    const { watched } = audience;
    const idle = [...this.loaded].filter((id) => !watched.has(id));
    for (const id of idle.slice(0, Math.max(0, idle.length - IDLE_CHATS))) void this.unload(id);
  }

  private async unload(chatId: Uuid): Promise<void> {
    this.saver.chatChanged(chatId);
    await this.saver.flush();
    if (this.closed || this.audience.watched.has(chatId)) return;
    this.loaded.delete(chatId);
    this.machine.closed(chatId);
    this.publisher.chatClosed(chatId);
  }

  // ---- turns

  /** One thing that happened: what the machines make of it is done, published and kept. */
  private turn(work: (m: Moment) => readonly Action[]): void {
    if (this.closed) return;
    const m = { now: this.parts.now(), jitter: this.parts.random() };
    for (const action of work(m)) this.perform(action);
    this.requestMore(m);
    for (const [chatId, tickets] of this.waiting) {
      if (this.machine.chats.get(chatId)?.wantsOlder) continue;
      this.waiting.delete(chatId);
      // Who waits for a page finds it on screen.
      this.publishNow();
      for (const { tab, ticket } of tickets) this.parts.reply(tab, ticket, null);
    }
    if (this.list.changed.size > 0) this.saver.listChanged();
    this.publishSoon();
    this.schedule(m.now);
  }

  private schedule(now: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const times = [this.machine.wakeAt(now), this.marks.wakeAt(), this.listRequests.wakeAt(this.list)].filter((t) => t > now && Number.isFinite(t));
    if (times.length === 0) return;
    // An hour at most: longer times do not fit every browser's timers.
    this.timer = setTimeout(() => this.nudge(), Math.min(Math.min(...times) - now, 3_600_000) + 1);
  }

  /** Several news in one chunk, and what they cause, are one update. No timer: hidden pages have slow ones. */
  private publishSoon(): void {
    if (this.publishing) return;
    this.publishing = true;
    queueMicrotask(() => {
      this.publishing = false;
      if (!this.closed) this.publishNow();
    });
  }

  private publishNow(): void {
    const update = this.publisher.takeUpdate(this.audience.watched);
    if (update) this.parts.publish(null, update);
  }

  private perform(action: Action): void {
    const { api } = this.parts;
    const { machine, publisher, saver, list } = this;
    switch (action.do) {
      case 'openStream':
        return this.streams.start(action.conn, action.lastEventId);
      case 'closeStream':
        return this.streams.close(action.conn);
      case 'putAttention':
        return this.ask(action.request, api.putAttention(action.channel, action.viewing), (answer, m) => machine.leaseAnswered(action.request, answer, m));
      case 'deleteAttention':
        return void api.deleteAttention().catch(() => {});
      case 'getHeads':
        return this.ask(action.request, api.heads(), (heads, m) => {
          list.headsAnswered(heads, (id) => machine.chats.get(id)?.cursor != null);
          return machine.headsAnswered(action.request, heads, m);
        });
      case 'getAfter':
        return this.ask(action.request, api.after(action.chatId, action.after), (page, m) => machine.pageAnswered(action.request, page, m));
      case 'getLatest':
        return this.ask(action.request, api.before(action.chatId, null), (page, m) => machine.pageAnswered(action.request, page, m));
      case 'getBefore':
        return this.ask(action.request, api.before(action.chatId, action.before), (page, m) => machine.pageAnswered(action.request, page, m));
      case 'post': {
        const { chatId, key, text } = action.entry;
        return this.ask(action.request, api.post(chatId, key, text), (message, m) => machine.sendAnswered(action.request, message, m));
      }
      case 'show':
        list.heard(action.message);
        publisher.shown(action.message);
        return saver.chatChanged(action.message.chat_id);
      case 'hide':
        publisher.hidden(action.chatId, action.ids);
        return saver.chatChanged(action.chatId);
      case 'hint':
        // An open chat is read; of the others the list shows the last message.
        if (machine.chats.get(action.chatId)?.cursor == null) list.outdated.add(action.chatId);
        return;
      case 'announce':
        return this.announce(action.message);
      case 'noteRead':
        return list.readHeard(action.read);
      case 'noteMissedReads':
        return list.missedReads();
      case 'noteChat':
        publisher.chatChanged(action.chatId);
        return saver.chatChanged(action.chatId);
      case 'noteOutbox':
        publisher.outboxChanged(action.key, action.entry);
        return saver.outboxChanged(action.key, action.entry);
      case 'noteGone':
        return this.chatGone(action.chatId);
      case 'noteConnection':
        return publisher.connected(action.state);
      case 'listenToMailbox':
      case 'leaveMailbox':
        return; // no mailbox channel is built in yet
    }
  }

  private ask<T>(request: number, work: Promise<T>, answered: (value: T, m: Moment) => Action[]): void {
    work.then(
      (value) => this.turn((m) => answered(value, m)),
      (error: unknown) => {
        const problem = problemOf(error);
        this.turn((m) => this.machine.failed(request, { problem, again: mayRetry(problem) }, m));
      },
    );
  }

  private streamSaid(conn: number, e: ServerEvent, m: Moment): Action[] {
    const data = parseJson(e.data);
    const { machine } = this;
    switch (e.event) {
      case 'ready':
      case 'resync': {
        const line = parseLine(data);
        if (!line) return [];
        return e.event === 'ready' ? machine.streamReady(conn, line, m) : machine.streamResync(conn, line, m);
      }
      case 'news': {
        const news = parseNews(data);
        return news ? machine.streamNews(conn, news, m) : [];
      }
      case 'read': {
        const read = parseRead(data);
        return read ? machine.streamRead(conn, read, m) : [];
      }
      default:
        return [];
    }
  }

  private announce(message: Message): void {
    const chat = this.list.chats.get(message.chat_id) ?? null;
    this.parts.tell(this.audience.toldBy(message.chat_id), message, chat);
  }

  private chatGone(chatId: Uuid): void {
    this.list.gone(chatId);
    this.publisher.lost.add(chatId);
    this.publisher.chatChanged(chatId);
    this.saver.chatGone(chatId);
  }

  // ---- the list and the read marks

  private requestMore(m: Moment): void {
    const { api } = this.parts;
    const { list, listRequests, marks } = this;
    const wanted = listRequests.due(list, m);
    const { asOf } = list;
    if (wanted.first)
      api.chats(LIST_PAGE, null).then(
        (page) => this.listTurn(() => (listRequests.firstEnded(), listRequests.succeeded(), list.listAnswered(page, true, asOf))),
        (error: unknown) => this.listTurn((at) => (listRequests.firstEnded(), listRequests.failed(at, problemOf(error).retryAfter))),
      );
    for (const id of wanted.infos)
      api.info(id).then(
        (chat) => this.listTurn(() => (listRequests.infoEnded(id), listRequests.succeeded(), list.infoAnswered(chat, asOf))),
        (error: unknown) => this.listTurn((at) => this.infoFailed(id, problemOf(error), at)),
      );
    for (const { chatId, id } of marks.due(m))
      api.putRead(chatId, id).then(
        () => this.listTurn(() => marks.answered(chatId)),
        (error: unknown) => this.listTurn((at) => marks.failed(chatId, mayRetry(problemOf(error)), at, problemOf(error).retryAfter)),
      );
  }

  private listTurn(work: (m: Moment) => void): void {
    this.turn((m) => {
      work(m);
      return [];
    });
  }

  private infoFailed(chatId: Uuid, problem: Problem, m: Moment): void {
    this.listRequests.infoEnded(chatId);
    if (mayRetry(problem)) return this.listRequests.failed(m, problem.retryAfter);
    this.list.outdated.delete(chatId);
    if (problem.status === 404) this.chatGone(chatId);
  }

  private async moreChats(tab: string, ticket: string): Promise<void> {
    const { api, reply } = this.parts;
    const { next, asOf } = this.list;
    if (typeof next !== 'string') return reply(tab, ticket, null);
    try {
      const page = await api.chats(LIST_PAGE, next);
      if (this.list.next === next) this.listTurn(() => this.list.listAnswered(page, false, asOf));
      reply(tab, ticket, null);
    } catch (error) {
      reply(tab, ticket, problemOf(error));
    }
  }
}
