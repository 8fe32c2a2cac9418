// The facade: puts the parts together, and holds what each tab has of its own (views, tickets, listeners).
import { Engine } from './engine/engine';
import { browserChannel, browserFetch, browserLocks, browserPage, browserUuid } from './environment';
import { ChatConversation, type ConversationHost } from './front/conversation';
import { ChatListFront } from './front/chatListView';
import { LiveValue } from './front/live';
import { Replica, type Touched } from './front/replica';
import type { OutboxEntry } from './machine/outbox';
import type { CaravanOptions, Page } from './options';
import { Session } from './session/session';
import { openIndexedDbStore } from './store/indexedDbStore';
import { MemoryStore } from './store/memoryStore';
import type { Store } from './store/store';
import type { Presence, Update } from './tabs/protocol';
import { TabLink } from './tabs/tabLink';
import { AuthApi } from './transport/authApi';
import { AuthorizedHttp } from './transport/authorized';
import { ChatApi } from './transport/chatApi';
import { Http } from './transport/http';
import {
  CaravanError,
  type Caravan,
  type CaravanEvents,
  type Chat,
  type ConnectionState,
  type Conversation,
  type Member,
  type Problem,
  type TimeUuid,
  type User,
  type Uuid,
} from './types';

/** Chats whose messages a tab keeps although it does not show them. */
const IDLE_CHATS = 20;

type Ended = 'logout' | 'expired';
type Defaults = Required<Pick<CaravanOptions, 'authUrl' | 'chatUrl' | 'name' | 'pageSize' | 'fetch' | 'now' | 'random' | 'uuid'>>;
interface Ticket {
  readonly resolve: () => void;
  readonly reject: (error: CaravanError) => void;
}

/** One per page. Returns at once; the session of an earlier visit is loaded in the background (`ready`). */
export function createCaravan(options: CaravanOptions = {}): Caravan {
  return new CaravanClient(options);
}

/** What exists once the store has been opened. */
interface Parts {
  readonly store: Store;
  readonly session: Session;
  readonly auth: AuthApi;
  readonly chat: ChatApi;
  readonly link: TabLink;
}

class CaravanClient implements Caravan, ConversationHost {
  readonly me = new LiveValue<User | null>(null);
  readonly connection = new LiveValue<ConnectionState>('connecting');
  readonly replica = new Replica();
  readonly ready: Promise<void>;
  private readonly list = new ChatListFront(this.replica);
  private readonly conversations = new Map<Uuid, ChatConversation>();
  private readonly listeners: { [E in keyof CaravanEvents]: Set<CaravanEvents[E]> } = { message: new Set(), signedOut: new Set() };
  private readonly tickets = new Map<string, Ticket>();
  private readonly options: Defaults;
  private readonly page: Page;
  private readonly tab: string;
  private readonly parts: Promise<Parts>;
  private built: Parts | null = null;
  private presenceSoon = false;
  private unwatch: () => void = () => {};
  private closed = false;

  constructor(private readonly given: CaravanOptions) {
    this.options = {
      authUrl: given.authUrl ?? '',
      chatUrl: given.chatUrl ?? '',
      name: given.name ?? 'caravan',
      pageSize: given.pageSize ?? 10,
      fetch: given.fetch ?? browserFetch(),
      now: given.now ?? (() => Date.now()),
      random: given.random ?? (() => Math.random()),
      uuid: given.uuid ?? browserUuid,
    };
    this.page = given.page ?? browserPage();
    this.tab = this.options.uuid();
    this.parts = this.assemble();
    this.ready = this.parts.then(
      () => {},
      () => {},
    );
  }

  get chats() {
    return this.list.view;
  }

  // ---- assembly

  private async assemble(): Promise<Parts> {
    const { given, tab, page } = this;
    const { authUrl, chatUrl, name, pageSize, fetch, now, random, uuid } = this.options;
    const store = (given.store === undefined ? await openIndexedDbStore(name) : given.store) ?? new MemoryStore();
    const locks = given.locks === undefined ? browserLocks() : given.locks;
    const openChannel = given.channel === undefined ? browserChannel() : given.channel;
    const shared = store.shared && locks && openChannel ? { locks, channel: openChannel(name) } : null;
    const http = new Http(fetch, now);
    const session = new Session({
      store,
      http,
      authUrl,
      locks: store.shared ? locks : null,
      lockName: `${name}:refresh`,
      now,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      onChange: (what) => this.sessionChanged(what),
    });
    const own = new AuthorizedHttp(http, session);
    const device = await store.device(uuid).catch(uuid);
    const chat = new ChatApi(own, chatUrl, device, pageSize);
    const link = new TabLink({
      tab,
      name,
      shared,
      makeEngine: (l) => this.makeEngine(l, session, store, chat, fetch, now, random),
      presence: () => this.presence(),
      unsettled: () => [...this.replica.unsettled.values()],
      onUpdate: (update) => this.updated(update),
      onMessage: (message, about) => {
        for (const listener of this.listeners.message) listener(message, about);
      },
      onReply: (ticket, problem) => this.replied(ticket, problem),
      onLeader: () => {
        for (const ticket of [...this.tickets.keys()]) this.replied(ticket, null);
      },
      onSession: (what) => void this.sessionHeard(what),
    });
    this.built = { store, session, auth: new AuthApi(http, own, authUrl), chat, link };
    this.me.set(await session.load());
    for (const c of this.conversations.values()) c.forget();
    if (this.closed) return this.built;
    this.unwatch = page.watch((event) => {
      if (event === 'leaving') link.leaving();
      else if (event === 'changed') link.pageChanged(page.online());
      else if (this.connection.get() === 'replaced') link.attended();
    });
    link.start();
    return this.built;
  }

  private makeEngine(link: TabLink, session: Session, store: Store, api: ChatApi, fetch: Defaults['fetch'], now: () => number, random: () => number): Engine | null {
    const me = session.user?.id;
    if (me === undefined || this.closed) return null;
    const { publish, tell, reply } = link;
    return new Engine({ me, tab: this.tab, api, session, store, fetch, now, random, publish, tell, reply });
  }

  close(): void {
    this.closed = true;
    this.unwatch();
    this.built?.link.close();
    // What was just written is let finish.
    setTimeout(() => this.built?.store.close(), 0);
  }

  // ---- the session

  async register(username: string, password: string, displayName?: string): Promise<User> {
    const { auth } = await this.parts;
    await auth.register(username, password, displayName);
    return this.login(username, password);
  }

  async login(username: string, password: string): Promise<User> {
    const { auth, session, store } = await this.parts;
    const answer = await auth.login(username, password);
    if (session.user) await this.signOut('logout', false);
    // Whatever an earlier visit has left belongs to somebody else.
    await store.wipe().catch(() => {});
    return session.begin(answer);
  }

  async logout(): Promise<void> {
    const { session } = await this.parts;
    if (session.user) await this.signOut('logout', true);
  }

  async updateProfile(displayName: string): Promise<User> {
    const { auth, session } = await this.parts;
    const user = await auth.updateProfile(displayName);
    await session.setUser(user);
    return user;
  }

  async changePassword(oldPassword: string, newPassword: string): Promise<void> {
    const { auth } = await this.parts;
    await auth.changePassword(oldPassword, newPassword);
  }

  private async signOut(reason: Ended, tell: boolean): Promise<void> {
    const { session, store, link, auth } = await this.parts;
    const token = session.end();
    link.sessionChanged(reason);
    this.forget();
    await store.wipe().catch(() => {});
    // The server forgets the tokens by themselves, should this not reach it.
    if (token) void auth.logout(token).catch(() => {});
    if (tell) for (const listener of this.listeners.signedOut) listener(reason);
  }

  /** By this tab. */
  private sessionChanged(what: 'begun' | 'renewed' | 'expired'): void {
    if (what === 'expired') return void this.signOut('expired', true);
    const session = this.built?.session;
    if (what === 'begun') this.forget();
    this.me.set(session?.user ?? null);
    if (what === 'begun') for (const c of this.conversations.values()) c.forget();
    this.built?.link.sessionChanged(what);
  }

  /** By another tab. */
  private async sessionHeard(what: 'begun' | 'renewed' | Ended): Promise<void> {
    const { session, link } = await this.parts;
    if (what === 'logout' || what === 'expired') {
      const had = session.user !== null;
      session.end();
      link.sessionFollowed(what);
      this.forget();
      if (had) for (const listener of this.listeners.signedOut) listener(what);
      return;
    }
    const before = session.user?.id;
    const user = await session.load();
    if (user?.id !== before) this.forget();
    this.me.set(user);
    for (const c of this.conversations.values()) if (user?.id !== before) c.forget();
    if (user?.id !== before) link.sessionFollowed('begun');
  }

  private forget(): void {
    this.me.set(null);
    const touched = this.replica.clear();
    for (const ticket of [...this.tickets.keys()]) this.replied(ticket, null);
    this.refresh(touched);
    for (const c of this.conversations.values()) c.forget();
  }

  // ---- people and chats

  async findUsers(query: string, after?: string): Promise<{ users: User[]; next: string | null }> {
    const { auth } = await this.parts;
    return auth.findUsers(query, after);
  }

  async openDirect(userId: Uuid): Promise<Chat> {
    const { chat } = await this.parts;
    return this.adopted(await chat.openDirect(userId));
  }

  async createGroup(members: readonly Uuid[], title: string): Promise<Chat> {
    const { chat } = await this.parts;
    return this.adopted(await chat.createGroup(members, title, this.options.uuid()));
  }

  private adopted(chat: Chat): Chat {
    this.built?.link.command({ do: 'adopt', chat });
    return chat;
  }

  loadMoreChats(): Promise<void> {
    return this.ticketed((ticket) => this.built?.link.command({ do: 'moreChats', ticket }));
  }

  conversation(chatId: Uuid): Conversation {
    let conversation = this.conversations.get(chatId);
    if (!conversation) {
      conversation = new ChatConversation(chatId, this);
      this.conversations.set(chatId, conversation);
    }
    return conversation;
  }

  on<E extends keyof CaravanEvents>(event: E, listener: CaravanEvents[E]): () => void {
    this.listeners[event].add(listener);
    return () => this.listeners[event].delete(listener);
  }

  // ---- what conversations need

  meId(): Uuid {
    return this.me.get()?.id ?? '';
  }

  send(chatId: Uuid, text: string): OutboxEntry | null {
    const user = this.me.get()?.id;
    if (user === undefined || !this.built) return null;
    const entry: OutboxEntry = { key: this.options.uuid(), chatId, text, at: this.options.now(), problem: null };
    this.replica.sent(entry);
    void this.built.store.write(user, { outboxPut: [entry] }).catch(() => {});
    this.built.link.command({ do: 'send', entry });
    return entry;
  }

  retry(key: Uuid): void {
    this.built?.link.command({ do: 'retry', key });
  }

  discard(key: Uuid): void {
    this.built?.link.command({ do: 'discard', key });
  }

  older(chatId: Uuid): Promise<void> {
    return this.ticketed((ticket) => this.built?.link.command({ do: 'older', chatId, ticket }));
  }

  markRead(chatId: Uuid, messageId: TimeUuid): void {
    this.built?.link.command({ do: 'markRead', chatId, messageId });
  }

  async members(chatId: Uuid, after?: string): Promise<{ members: Member[]; next: string | null }> {
    const { chat } = await this.parts;
    return chat.members(chatId, after);
  }

  /** Several changes of one moment are one word to the leader. */
  presenceChanged(): void {
    if (this.presenceSoon) return;
    this.presenceSoon = true;
    queueMicrotask(() => {
      this.presenceSoon = false;
      this.built?.link.presenceChanged();
      this.replica.shed(new Set(this.presence().watched), IDLE_CHATS);
    });
  }

  // ---- what the leader says

  private presence(): Presence {
    const all = [...this.conversations.values()];
    return {
      visible: this.page.visible(),
      viewing: all.filter((c) => c.viewed).map((c) => c.chatId),
      watched: all.filter((c) => c.watched).map((c) => c.chatId),
    };
  }

  private updated(update: Update): void {
    this.refresh(this.replica.apply(update));
  }

  private refresh(touched: Touched): void {
    if (touched.connection) this.connection.set(this.replica.connection);
    if (touched.list) this.list.refresh();
    for (const id of touched.chats) this.conversations.get(id)?.refresh();
  }

  private ticketed(ask: (ticket: string) => void): Promise<void> {
    if (!this.built || this.me.get() === null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const ticket = this.options.uuid();
      this.tickets.set(ticket, { resolve, reject });
      ask(ticket);
    });
  }

  private replied(ticket: string, problem: Problem | null): void {
    const waiting = this.tickets.get(ticket);
    this.tickets.delete(ticket);
    if (problem) waiting?.reject(new CaravanError(problem));
    else waiting?.resolve();
  }
}
