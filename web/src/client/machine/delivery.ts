// The client's half of the delivery protocol, as a value: events in, actions out, no clock, no network, no timers. What decides is
// here; what acts is the engine. Rule numbers are those of the protocol's section "Clients". The methods marked `protected` are one
// rule each, so that a test can break a rule and see the model find the message that it loses.
import { BEFORE_EVERYTHING, compareTimeUuid, isLater } from '../ids';
import type { ConnectionState, Message, TimeUuid, Uuid } from '../types';
import type { ChannelKind, Head, LeaseAnswer, Line, MessagePage, News, NewsMessage, ReadMark } from '../wire';
import { eventId } from '../wire';
import type { Action, Change, Failure } from './action';
import { Attention } from './attention';
import { Backoff } from './backoff';
import { ChatHistory, type Source } from './history';
import { NEVER, type Moment } from './moment';
import { Outbox, type OutboxEntry } from './outbox';
import { Run, type Sent } from './run';
import { StreamLink, type StreamEnd } from './streamLink';

/** Milliseconds that a renewal's number may stay above ours before a new run starts (rule 5). */
const BEHIND_LIMIT = 2_000;
/** Chats that are caught up at the same time. */
const PARALLEL_READS = 3;

type Asked =
  | { readonly kind: 'heads' }
  | { readonly kind: 'attention'; readonly channel: ChannelKind }
  | { readonly kind: 'after' | 'latest' | 'before'; readonly chatId: Uuid }
  | { readonly kind: 'post'; readonly key: Uuid };
type Pending = Sent & Asked;

/** A chat as this browser kept it: everything from `oldest` to `cursor` is among `messages`. */
export interface KeptChat {
  readonly cursor: TimeUuid;
  readonly oldest: TimeUuid;
  readonly messages: readonly Message[];
}

export class DeliveryMachine {
  readonly run = new Run();
  readonly chats = new Map<Uuid, ChatHistory>();
  readonly outbox = new Outbox();
  readonly attention = new Attention();
  readonly link = new StreamLink();
  private started = false;
  private online = true;
  private requests = 0;
  private readonly pending = new Map<number, Pending>();
  private wantsHeads = false;
  private headsRequest: number | null = null;
  private readonly headsBackoff = new Backoff();
  /** Chats to read from their cursor to the end, first come first. */
  protected reads: Uuid[] = [];
  /** The mailbox document that was seen last. */
  private mailbox: News | null = null;
  private shownConnection: ConnectionState = 'connecting';
  private out: Action[] = [];

  constructor(
    private readonly me: Uuid,
    private channel: ChannelKind = 'stream',
  ) {}

  // ---- what the page and the user do

  start(m: Moment): Action[] {
    this.started = true;
    if (this.channel === 'firestore') this.emit({ do: 'listenToMailbox' });
    return this.pump(m);
  }

  timePassed(m: Moment): Action[] {
    return this.pump(m);
  }

  looked(visible: boolean, viewing: readonly Uuid[], m: Moment): Action[] {
    const change = this.attention.look(visible, viewing, m);
    if (change === 'hidden' && this.channel === 'firestore') this.emit({ do: 'deleteAttention' });
    return this.pump(m);
  }

  networkChanged(online: boolean, m: Moment): Action[] {
    // A stream seldom outlives the network that it came through, and would be found dead only after 45 s of silence.
    if (online && !this.online && this.link.conn !== null) {
      this.emit({ do: 'closeStream', conn: this.link.conn });
      this.link.reset(m);
    }
    this.online = online;
    if (online) this.hurry(m);
    return this.pump(m);
  }

  /** Somebody wants to see the chat; without a cursor its latest page is read. */
  opened(chatId: Uuid, m: Moment): Action[] {
    const chat = this.chat(chatId);
    if (chat.cursor === null) chat.wantsLatest = true;
    return this.pump(m);
  }

  /** The chat as it was kept here. It must be read from its cursor: nothing shows that it is caught up. */
  restored(chatId: Uuid, kept: KeptChat, m: Moment): Action[] {
    const chat = this.chat(chatId);
    if (chat.cursor === null) {
      chat.cursor = kept.cursor;
      chat.oldest = kept.oldest;
      this.dropBelow(chatId, chat);
      for (const message of kept.messages) this.merge(message, 'page');
      this.run.forgetChat(chatId);
      this.wantRead(chatId);
      this.noteChat(chatId);
    }
    return this.pump(m);
  }

  /** Nobody looks at the chat any more; what was kept of it is the store's now. */
  closed(chatId: Uuid): void {
    this.chats.delete(chatId);
    this.run.forgetChat(chatId);
    this.reads = this.reads.filter((id) => id !== chatId);
    for (const [no, p] of this.pending) if ('chatId' in p && p.chatId === chatId) this.pending.delete(no);
  }

  olderWanted(chatId: Uuid, m: Moment): Action[] {
    const chat = this.chat(chatId);
    if (chat.hasOlder && !chat.wantsOlder) {
      chat.wantsOlder = true;
      this.noteChat(chatId);
    }
    return this.pump(m);
  }

  sent(entry: OutboxEntry, m: Moment): Action[] {
    if (this.outbox.add(entry)) this.emit({ do: 'noteOutbox', key: entry.key, entry });
    return this.pump(m);
  }

  retried(key: Uuid, m: Moment): Action[] {
    if (this.outbox.retry(key)) this.emit({ do: 'noteOutbox', key, entry: this.outbox.entries.get(key) ?? null });
    return this.pump(m);
  }

  discarded(key: Uuid, m: Moment): Action[] {
    this.settle(key);
    return this.pump(m);
  }

  // ---- what the stream says; events of an earlier attempt are ignored

  streamReady(conn: number, line: Line, m: Moment): Action[] {
    if (conn !== this.link.conn) return this.pump(m);
    const resumed = this.link.resumed;
    this.link.ready(m);
    this.attention.opened(m);
    this.hurry(m);
    if (resumed === line.epoch && line.epoch === this.run.epoch) this.continued(line);
    else this.baseLine(line);
    return this.pump(m);
  }

  streamNews(conn: number, news: News, m: Moment): Action[] {
    if (conn !== this.link.conn) return this.pump(m);
    this.receive(news, m);
    return this.pump(m);
  }

  streamRead(conn: number, read: ReadMark, m: Moment): Action[] {
    if (conn !== this.link.conn) return this.pump(m);
    this.emit({ do: 'noteRead', read });
    return this.pump(m);
  }

  streamResync(conn: number, line: Line, m: Moment): Action[] {
    if (conn !== this.link.conn) return this.pump(m);
    this.resync(line);
    return this.pump(m);
  }

  streamEnded(conn: number, end: StreamEnd, m: Moment): Action[] {
    if (conn !== this.link.conn) return this.pump(m);
    this.link.ended(end, m);
    return this.pump(m);
  }

  // ---- what the mailbox says

  mailboxChanged(news: News, m: Moment): Action[] {
    if (this.channel !== 'firestore') return this.pump(m);
    this.mailbox = news;
    this.receive(news, m);
    return this.pump(m);
  }

  // ---- what the servers answer

  leaseAnswered(request: number, answer: LeaseAnswer, m: Moment): Action[] {
    const p = this.take(request);
    if (p?.kind !== 'attention') return this.pump(m);
    this.attention.answered(answer, m);
    if (p.channel !== this.channel) return this.pump(m);
    if (answer.channel !== this.channel) {
      this.leaveMailbox();
      return this.pump(m);
    }
    if (answer.epoch !== null) this.leased({ epoch: answer.epoch, seq: answer.seq }, p, m);
    return this.pump(m);
  }

  headsAnswered(request: number, heads: readonly Head[], m: Moment): Action[] {
    const p = this.take(request);
    if (p?.kind !== 'heads' || p.run !== this.run.number) return this.pump(m);
    this.headsRequest = null;
    this.headsBackoff.succeeded();
    this.wantsHeads = false;
    for (const head of heads) {
      const last = head.last_message_id ?? BEFORE_EVERYTHING;
      const chat = this.chats.get(head.chat_id);
      chat?.saw(last);
      if (this.run.sinceBreak(p, head.chat_id)) this.run.heads.set(head.chat_id, last);
      if (!chat || chat.cursor === null) continue;
      if (isLater(last, chat.cursor)) this.wantRead(head.chat_id);
      else if (this.counts(p, head.chat_id)) this.caughtUp(head.chat_id);
    }
    return this.pump(m);
  }

  pageAnswered(request: number, page: MessagePage, m: Moment): Action[] {
    const p = this.take(request);
    const chat = p && 'chatId' in p ? this.chats.get(p.chatId) : undefined;
    if (!p || !chat || !('chatId' in p)) return this.pump(m);
    chat.backoff.succeeded();
    chat.problem = null;
    if (p.kind === 'after') this.afterAnswered(chat, p, page);
    else if (p.kind === 'latest') this.latestAnswered(chat, p, page);
    else this.beforeAnswered(chat, page);
    this.noteChat(p.chatId);
    return this.pump(m);
  }

  sendAnswered(request: number, message: Message, m: Moment): Action[] {
    const p = this.take(request);
    if (p?.kind !== 'post') return this.pump(m);
    this.settle(p.key);
    this.merge({ ...message, key: p.key }, 'answer');
    const chat = this.chat(message.chat_id);
    this.answerAdvances(chat, message);
    this.answerTriggers(chat, message);
    return this.pump(m);
  }

  failed(request: number, failure: Failure, m: Moment): Action[] {
    const p = this.take(request);
    if (!p) return this.pump(m);
    const { problem, again } = failure;
    if (p.kind === 'attention') this.attention.failed(m, problem.retryAfter);
    else if (p.kind === 'heads') {
      this.headsRequest = null;
      this.headsBackoff.failed(m, problem.retryAfter);
    } else if (p.kind === 'post') {
      if (this.keepsTrying(again)) this.outbox.failed(p.key, m, problem.retryAfter);
      else if (this.outbox.refused(p.key, problem))
        this.emit({ do: 'noteOutbox', key: p.key, entry: this.outbox.entries.get(p.key) ?? null });
    } else this.pageFailed(p.chatId, p.kind, failure, m);
    return this.pump(m);
  }

  /** Rule 6: until answered. */
  protected keepsTrying(again: boolean): boolean {
    return again;
  }

  /** The next time at which `timePassed` would do something, later than `now`. */
  wakeAt(now: number): number {
    if (!this.started) return NEVER;
    const times = [this.outbox.wakeAt(), this.run.behind?.until ?? NEVER, this.headsBackoff.notBefore];
    if (this.channel === 'stream') times.push(...this.link.wakeTimes());
    if (this.channel === 'firestore' || this.link.isOpen) times.push(this.attention.wakeAt(this.channel));
    for (const chat of this.chats.values()) times.push(chat.backoff.notBefore);
    return Math.min(...times.filter((t) => t > now), NEVER);
  }

  // ---- rules 1 and 2: runs

  /** Rule 1: a base line begins a run; nothing is caught up, and all heads are asked for. */
  protected baseLine(line: Line): void {
    this.run.begin(line);
    this.wantsHeads = true;
    this.headsBackoff.succeeded();
    if (this.headsRequest !== null) this.pending.delete(this.headsRequest);
    this.headsRequest = null;
    this.noteChats();
    const doc = this.mailbox;
    if (doc && doc.epoch === line.epoch && doc.seq > line.seq && doc.first <= line.seq + 1) this.takeNews(doc, new Set());
  }

  /** `ready` after `Last-Event-ID` of this very epoch: the replay follows, and its numbers count, not this one. */
  protected continued(_line: Line): void {}

  protected resync(line: Line): void {
    this.baseLine(line);
  }

  /** Rule 5 and Servers 8: a renewal's answer tells of other epochs, and of news that never came. */
  protected leased(line: Line, sent: Sent, m: Moment): void {
    const run = this.run;
    if (run.epoch === null) this.baseLine(line);
    else if (line.epoch !== run.epoch) {
      if (sent.run === run.number) this.baseLine(line);
      else this.attention.renewNow(m); // asked before the base line: older than what we know
    } else if (line.seq > run.mine && !run.behind) run.behind = { ...line, until: m.now + BEHIND_LIMIT };
  }

  /** A gap, or another epoch on a stream: a base line is needed. */
  private breakNews(m: Moment): void {
    this.run.end();
    this.noteChats();
    if (this.channel === 'firestore') return this.attention.renewNow(m);
    if (this.link.conn !== null) this.emit({ do: 'closeStream', conn: this.link.conn });
    this.link.reset(m);
  }

  private receive(news: News, m: Moment): void {
    const fresh = new Set<TimeUuid>();
    for (const entry of news.news) for (const message of entry.messages) if (this.heard(message)) fresh.add(message.id);
    for (const read of news.reads) this.emit({ do: 'noteRead', read });
    if (this.run.epoch === null) return;
    // A mailbox may be stale: it is merged, and the answer to a renewal decides.
    if (this.isForeign(news)) return this.channel === 'firestore' ? this.attention.renewNow(m) : this.breakNews(m);
    if (this.leavesGap(news)) return this.breakNews(m);
    this.takeNews(news, fresh);
  }

  protected isForeign(news: News): boolean {
    return news.epoch !== this.run.epoch;
  }

  protected leavesGap(news: News): boolean {
    return news.first > this.run.mine + 1;
  }

  /** Rule 2: what is above our own number is taken in sequence. */
  private takeNews(news: News, fresh: ReadonlySet<TimeUuid>): void {
    const run = this.run;
    for (const entry of news.news) {
      if (entry.seq <= run.mine) continue;
      for (const message of entry.messages) {
        this.takeInSequence(message);
        if (fresh.has(message.id) && message.sender_id !== this.me) this.emit({ do: 'announce', message: { ...message, text: message.text ?? '' } });
      }
    }
    run.mine = Math.max(run.mine, news.seq);
    if (run.behind && run.mine >= run.behind.seq) run.behind = null;
  }

  /** Rule 3: in-sequence news moves the cursor of a chat that is caught up in this run; a stub whose text is not held never does. */
  private takeInSequence(message: NewsMessage): void {
    const chatId = message.chat_id;
    const chat = this.chat(chatId);
    if (this.isStub(message, chat)) {
      this.run.breakChat(chatId, this.requests);
      this.noteChat(chatId);
      if (chat.cursor !== null) this.wantRead(chatId);
      return;
    }
    this.run.took(chatId, message.id);
    if (chat.cursor !== null) this.newsAdvances(chatId, chat, message.id);
    else if (chat.shedUnopened()) this.run.inSequence.delete(chatId);
  }

  protected isStub(message: NewsMessage, chat: ChatHistory): boolean {
    return message.fetch === true && !chat.held.has(message.id);
  }

  protected newsAdvances(chatId: Uuid, chat: ChatHistory, id: TimeUuid): void {
    if (this.run.caughtUp.has(chatId)) {
      chat.advance(id);
      this.noteChat(chatId);
    } else this.wantRead(chatId);
  }

  /** Rule 3: a 201 never moves the cursor. */
  protected answerAdvances(_chat: ChatHistory, _message: Message): void {}

  /** Rule 4: a 201 of a chat not caught up triggers its read; what it waits for may be withheld from this device (Servers 12). */
  protected answerTriggers(chat: ChatHistory, message: Message): void {
    const known = this.run.epoch === null || this.run.caughtUp.has(message.chat_id);
    if (!known && chat.cursor !== null && isLater(message.id, chat.cursor)) this.wantRead(message.chat_id);
  }

  // ---- rules 3 and 4: reading

  protected wantRead(chatId: Uuid): void {
    if (!this.reads.includes(chatId)) this.reads.push(chatId);
  }

  protected caughtUp(chatId: Uuid): void {
    if (!this.run.caughtUp.has(chatId)) this.noteChat(chatId);
    this.run.caughtUp.add(chatId);
  }

  /** Rule 2: was it sent in this run, after its base line and after the chat's own break? */
  protected counts(sent: Sent, chatId: Uuid): boolean {
    return this.run.counts(sent, chatId);
  }

  private afterAnswered(chat: ChatHistory, p: Sent & { readonly chatId: Uuid }, page: MessagePage): void {
    chat.read = null;
    for (const message of page.messages) {
      this.merge(message, 'page');
      chat.advance(message.id);
    }
    if (this.readsOn(page)) return;
    if (this.counts(p, p.chatId)) this.readEnded(p.chatId, chat);
    else if (this.run.epoch !== null) return; // sent before the base line: once more
    this.reads = this.reads.filter((id) => id !== p.chatId);
  }

  /** Rule 4: to its end. */
  protected readsOn(page: MessagePage): boolean {
    return page.next !== null && page.messages.length > 0;
  }

  /** The news received in sequence since the base line follows on what was read. */
  protected readEnded(chatId: Uuid, chat: ChatHistory): void {
    const last = this.run.inSequence.get(chatId);
    if (last !== undefined) chat.advance(last);
    this.caughtUp(chatId);
  }

  private latestAnswered(chat: ChatHistory, p: Sent & { readonly chatId: Uuid }, page: MessagePage): void {
    chat.latest = null;
    chat.wantsLatest = false;
    if (chat.cursor !== null) return;
    chat.oldest = page.next === null ? BEFORE_EVERYTHING : (page.messages.at(-1)?.id ?? BEFORE_EVERYTHING);
    chat.cursor = page.messages[0]?.id ?? BEFORE_EVERYTHING;
    this.dropBelow(p.chatId, chat);
    for (const message of page.messages) this.merge(message, 'page');
    const counts = this.counts(p, p.chatId);
    const inSequence = this.run.inSequence.get(p.chatId);
    if (counts && inSequence !== undefined) chat.advance(inSequence);
    const head = this.run.heads.get(p.chatId);
    if (this.toldOfLater(chat)) this.wantRead(p.chatId);
    else if (counts || (head !== undefined && !isLater(head, chat.cursor))) this.caughtUp(p.chatId);
  }

  /** Rule 3: heads or news have shown a later message while the page was on its way. */
  protected toldOfLater(chat: ChatHistory): boolean {
    return isLater(chat.seen, chat.cursor);
  }

  /** Rule 3: what was merged below the oldest page-read message leaves a gap there, so it goes. */
  protected dropBelow(chatId: Uuid, chat: ChatHistory): void {
    const gone = chat.dropBelow(chat.oldest ?? BEFORE_EVERYTHING);
    if (gone.length > 0) this.emit({ do: 'hide', chatId, ids: gone });
  }

  private beforeAnswered(chat: ChatHistory, page: MessagePage): void {
    chat.older = null;
    chat.wantsOlder = false;
    for (const message of page.messages) this.merge(message, 'page');
    chat.oldest = page.next === null ? BEFORE_EVERYTHING : (page.messages.at(-1)?.id ?? BEFORE_EVERYTHING);
  }

  private pageFailed(chatId: Uuid, kind: 'after' | 'latest' | 'before', failure: Failure, m: Moment): void {
    const chat = this.chats.get(chatId);
    if (!chat) return;
    if (kind === 'after') chat.read = null;
    else if (kind === 'latest') chat.latest = null;
    else chat.older = null;
    chat.problem = failure.problem;
    if (failure.again && kind !== 'before') chat.backoff.failed(m, failure.problem.retryAfter);
    else {
      // Older pages are asked for by a person, who may ask again.
      if (kind === 'before') chat.wantsOlder = false;
      else if (kind === 'latest') chat.wantsLatest = false;
      else this.reads = this.reads.filter((id) => id !== chatId);
      if (failure.problem.code === 'chat_not_found') this.emit({ do: 'noteGone', chatId });
    }
    this.noteChat(chatId);
  }

  // ---- merging

  /** Rule 6: by id, own messages by their key first. */
  protected merge(message: Message, source: Source): boolean {
    const chat = this.chat(message.chat_id);
    if (this.isOwn(message)) this.settle(message.key);
    if (source !== 'page' && this.liesBelow(message, chat)) return false;
    const { changed, replaced } = chat.merge(message, source);
    if (replaced !== null) this.emit({ do: 'hide', chatId: message.chat_id, ids: [replaced] });
    if (changed) this.emit({ do: 'show', message });
    return changed;
  }

  /** A stale mailbox may bring what lies below the oldest page-read message: shown there, it would hide a gap. Paging back reads it. */
  protected liesBelow(message: Message, chat: ChatHistory): boolean {
    return chat.cursor !== null && chat.oldest !== null && compareTimeUuid(message.id, chat.oldest) < 0;
  }

  protected isOwn(message: NewsMessage): message is NewsMessage & { key: Uuid } {
    return message.sender_id === this.me && message.key !== null;
  }

  /** A message in news, in sequence or not. Returns whether it had not been heard of. */
  private heard(message: NewsMessage): boolean {
    const chat = this.chat(message.chat_id);
    const { fetch: stub, text, ...rest } = message;
    const own = this.isOwn(message) ? this.outbox.entries.get(message.key) : undefined;
    if (!stub) return this.merge({ ...rest, text: text ?? '' }, 'news');
    // The text of one's own message on its way is held here.
    if (own) return this.merge({ ...rest, text: own.text }, 'news');
    const news = isLater(message.id, chat.seen);
    chat.saw(message.id);
    if (!chat.held.has(message.id)) this.emit({ do: 'hint', chatId: message.chat_id, id: message.id });
    return news && !chat.held.has(message.id);
  }

  private settle(key: Uuid): void {
    if (this.outbox.settle(key)) this.emit({ do: 'noteOutbox', key, entry: null });
  }

  // ---- what is due

  /** Every event ends here, an ignored one too: `wakeAt` relies on it that nothing of the past is left undone. */
  private pump(m: Moment): Action[] {
    if (this.started) {
      const behind = this.run.behind;
      if (behind && m.now >= behind.until) this.baseLine(behind);
      if (this.channel === 'stream' && this.link.shouldOpen(m.now)) this.openStream();
      if ((this.channel === 'firestore' || this.link.isOpen) && this.attention.shouldAsk(this.channel, m.now)) this.putAttention(m);
      if (this.wantsHeads && this.mayCatchUp() && this.headsRequest === null && this.headsBackoff.ready(m.now)) {
        this.headsRequest = this.request({ kind: 'heads' });
        this.emit({ do: 'getHeads', request: this.headsRequest });
      }
      for (const [chatId, chat] of this.chats) this.readAround(chatId, chat, m);
      this.readOn(m);
      for (const entry of this.outbox.due(m.now)) {
        const request = this.request({ kind: 'post', key: entry.key });
        this.outbox.posted(entry.key, request);
        this.emit({ do: 'post', request, entry });
      }
    }
    this.noteConnection(m);
    const actions = this.out;
    this.out = [];
    return actions;
  }

  /** Rule 1: the channel and the lease first. */
  protected mayCatchUp(): boolean {
    return this.run.epoch !== null;
  }

  private openStream(): void {
    const { epoch, mine } = this.run;
    const conn = ++this.requests;
    this.link.opening(conn, epoch);
    this.emit({ do: 'openStream', conn, lastEventId: epoch === null ? null : eventId({ epoch, seq: mine }) });
  }

  private putAttention(m: Moment): void {
    const request = this.request({ kind: 'attention', channel: this.channel });
    this.attention.asked(request, m);
    this.emit({ do: 'putAttention', request, channel: this.channel, viewing: this.attention.viewing });
  }

  private readAround(chatId: Uuid, chat: ChatHistory, m: Moment): void {
    if (chat.wantsLatest && chat.latest === null && chat.backoff.ready(m.now)) {
      chat.latest = this.request({ kind: 'latest', chatId });
      this.emit({ do: 'getLatest', request: chat.latest, chatId });
    }
    if (chat.wantsOlder && chat.older === null && chat.hasOlder) {
      chat.older = this.request({ kind: 'before', chatId });
      this.emit({ do: 'getBefore', request: chat.older, chatId, before: this.pageFrom(chat) });
    }
  }

  /** Rule 3: older pages begin at the oldest page-read message, not at the oldest shown. */
  protected pageFrom(chat: ChatHistory): TimeUuid {
    return chat.oldest ?? BEFORE_EVERYTHING;
  }

  private readOn(m: Moment): void {
    let free = PARALLEL_READS - this.reads.filter((id) => this.chats.get(id)?.read != null).length;
    const viewed = this.attention.viewing.filter((id) => this.reads.includes(id));
    for (const chatId of new Set([...viewed, ...this.reads])) {
      const chat = this.chats.get(chatId);
      if (free <= 0 || !chat || chat.cursor === null || chat.read !== null || !chat.backoff.ready(m.now)) continue;
      chat.read = this.request({ kind: 'after', chatId });
      this.emit({ do: 'getAfter', request: chat.read, chatId, after: chat.cursor });
      free -= 1;
    }
  }

  private leaveMailbox(): void {
    this.channel = 'stream';
    this.mailbox = null;
    this.run.end();
    this.noteChats();
    this.emit({ do: 'leaveMailbox' });
  }

  private hurry(m: Moment): void {
    this.link.hurry(m);
    this.outbox.hurry();
  }

  private noteConnection(m: Moment): void {
    const live = this.channel === 'firestore' && this.run.epoch !== null;
    const state = live && this.online ? 'live' : this.link.state(this.online, m.now);
    if (state === this.shownConnection) return;
    this.shownConnection = state;
    this.emit({ do: 'noteConnection', state });
  }

  private noteChats(): void {
    for (const [chatId, chat] of this.chats) if (chat.cursor !== null) this.noteChat(chatId);
  }

  private noteChat(chatId: Uuid): void {
    this.emit({ do: 'noteChat', chatId });
  }

  private emit(action: Action | Change): void {
    this.out.push(action);
  }

  private chat(chatId: Uuid): ChatHistory {
    let chat = this.chats.get(chatId);
    if (!chat) {
      chat = new ChatHistory();
      chat.saw(this.run.heads.get(chatId) ?? BEFORE_EVERYTHING);
      this.chats.set(chatId, chat);
    }
    return chat;
  }

  private request(what: Asked): number {
    const no = ++this.requests;
    this.pending.set(no, { ...what, no, run: this.run.epoch === null ? -1 : this.run.number });
    return no;
  }

  private take(request: number): Pending | undefined {
    const p = this.pending.get(request);
    this.pending.delete(request);
    return p;
  }
}
