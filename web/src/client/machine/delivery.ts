// The client's half of the delivery protocol, as a value: events in, actions out, no clock, no network, no timers. What decides is
// here; what acts is the engine. Rule numbers are those of the protocol's section "Clients". Each layer builds on the one before:
// `delivery/state` (parts and requests), `merging` (rule 6), `reading` (rules 3 and 4), `runs` (rules 1, 2 and 5), and here what happens
// and what is due. Most `protected` methods are one rule each, so that a test can break a rule and see the model find the message that it loses.
import type { ConnectionState, Message, Uuid } from '../types';
import type { Head, LeaseAnswer, Line, MessagePage, News, ReadMark } from '../wire';
import { eventId } from '../wire';
import type { Action, Failure } from './action';
import { Runs } from './delivery/runs';
import type { KeptChat } from './delivery/state';
import { NEVER, type Moment } from './moment';
import type { OutboxEntry } from './outbox';
import type { StreamEnd } from './streamLink';

export type { KeptChat } from './delivery/state';

export class DeliveryMachine extends Runs {
  private started = false;
  private online = true;
  private shownConnection: ConnectionState = 'connecting';

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
    if (change === 'shown') this.link.attended(m);
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

  /** Somebody uses this client: a window gets the focus, a key is pressed. */
  attended(m: Moment): Action[] {
    this.link.attended(m);
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
    this.link.attended(m);
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
    if (resumed === line.epoch && line.epoch === this.run.epoch) {
      this.continued(line);
      this.emit({ do: 'noteMissedReads' });
    } else {
      this.baseLine(line);
      this.link.begunRun = this.run.number;
    }
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
    this.headsKnown(p, heads);
    return this.pump(m);
  }

  pageAnswered(request: number, page: MessagePage, m: Moment): Action[] {
    const p = this.take(request);
    const chat = p && 'chatId' in p ? this.chats.get(p.chatId) : undefined;
    if (!p || !chat || !('chatId' in p)) return this.pump(m);
    this.pageKnown(p, chat, page);
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

  // ---- what is due

  /** The next time at which `timePassed` would do something, later than `now`. */
  wakeAt(now: number): number {
    if (!this.started) return NEVER;
    const times = [this.outbox.wakeAt(), this.run.behind?.until ?? NEVER, this.headsBackoff.notBefore];
    if (this.channel === 'stream') times.push(...this.link.wakeTimes());
    if (this.channel === 'firestore' || this.link.isOpen) times.push(this.attention.wakeAt(this.channel));
    for (const chat of this.chats.values()) times.push(chat.backoff.notBefore);
    return Math.min(...times.filter((t) => t > now), NEVER);
  }

  /** Every event ends here, an ignored one too: `wakeAt` relies on it that nothing of the past is left undone. */
  private pump(m: Moment): Action[] {
    if (this.started) {
      const behind = this.run.behind;
      if (behind && m.now >= behind.until) this.baseLine(behind);
      if (this.channel === 'stream' && this.link.shouldOpen(m.now)) this.openStream();
      if ((this.channel === 'firestore' || this.link.isOpen) && this.attention.shouldAsk(this.channel, m.now)) this.putAttention(m);
      this.askForHeads(m);
      for (const [chatId, chat] of this.chats) this.readAround(chatId, chat, m);
      this.readOn(m);
      for (const entry of this.outbox.due(m.now)) {
        const request = this.request({ kind: 'post', key: entry.key });
        this.outbox.posted(entry.key, request);
        this.emit({ do: 'post', request, entry });
      }
    }
    this.noteConnection(m);
    return this.takeActions();
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
}
