// A model of the embedded server: group commit, hand-over in commit order, push states, crash. Memory is lost in a crash, `chats`,
// `byKey` and the mailboxes are not.
import { BEFORE_EVERYTHING, compareTimeUuid } from '../../../src/client/ids';
import type { Message } from '../../../src/client/types';
import type { Head, LeaseAnswer, MessagePage, News } from '../../../src/client/wire';
import { idOf, type Stored } from './ids';
import { LEASE, mailboxOf, MailboxWrite, newsOf, PushState, Stream } from './push';

export interface Send {
  readonly user: string;
  readonly device: string;
  readonly chatId: string;
  readonly key: string;
  readonly text: string;
}

export interface ServerSettings {
  readonly page: number;
  readonly ring: number;
  /** Every n-th message is too long for news; 0: none. */
  readonly longEvery: number;
  /** Aggregates of more messages are too large for a mailbox. */
  readonly stubAbove: number;
  readonly members: readonly string[];
}

export class ModelServer {
  readonly chats = new Map<string, Stored[]>();
  readonly byKey = new Map<string, Stored>();
  readonly accepted = new Set<string>();
  readonly mailboxes = new Map<string, News[]>();
  writes: MailboxWrite[] = [];
  handovers: Stored[] = [];
  push: PushState[] = [];
  spent = false;
  private last = 0;
  private epochs = 0;

  constructor(
    readonly settings: ServerSettings,
    chats: readonly string[],
  ) {
    for (const id of chats) this.chats.set(id, []);
    for (const user of settings.members) this.mailboxes.set(user, []);
  }

  // ---- history

  store(send: Send): Stored {
    const n = ++this.last;
    const long = this.settings.longEvery > 0 && n % this.settings.longEvery === 0;
    const m: Stored = { id: idOf(n), chat_id: send.chatId, sender_id: send.user, kind: 'text', text: send.text, sent_at: '', key: send.key, device: send.device, long };
    Object.freeze(m);
    this.chats.get(send.chatId)?.push(m);
    this.byKey.set(`${send.user} ${send.chatId} ${send.key}`, m);
    return m;
  }

  /** One transaction; then the messages wait for their hand-over. */
  commit(group: readonly Send[]): Stored[] {
    return group.map((send) => {
      const slot = `${send.user} ${send.chatId} ${send.key}`;
      this.accepted.add(slot);
      const known = this.byKey.get(slot);
      if (known) return known;
      const m = this.store(send);
      this.handovers.push(m);
      return m;
    });
  }

  handOver(now: number): void {
    const m = this.handovers.shift();
    if (!m) return;
    for (const state of [...this.push]) {
      if (state.channel === 'firestore' && this.spent) this.drop(state, now);
      if (!this.alive(state, now)) continue;
      const leased = [...state.leases].filter(([, end]) => end > now).map(([device]) => device);
      const onlySender = state.channel === 'firestore' && state.user === m.sender_id && leased.length === 1 && leased[0] === m.device;
      state.collected.push(m);
      if (!onlySender) state.wanted = true;
    }
  }

  heads(): Head[] {
    return [...this.chats].map(([chat_id, all]) => ({ chat_id, last_message_id: all.at(-1)?.id ?? null, unread: 0 }));
  }

  after(user: string, chatId: string, after: string): MessagePage {
    const all = (this.chats.get(chatId) ?? []).filter((m) => compareTimeUuid(m.id, after) > 0);
    return this.cut(user, all);
  }

  before(user: string, chatId: string, before: string | null): MessagePage {
    const all = (this.chats.get(chatId) ?? []).filter((m) => before === null || (before !== BEFORE_EVERYTHING && compareTimeUuid(m.id, before) < 0));
    return this.cut(user, all.reverse());
  }

  private cut(user: string, all: readonly Stored[]): MessagePage {
    const messages = all.slice(0, this.settings.page).map((m) => this.shownTo(user, m));
    return { messages, next: all.length > messages.length ? (messages.at(-1)?.id ?? null) : null };
  }

  shownTo(user: string, { device: _device, long: _long, ...m }: Stored): Message {
    return m.sender_id === user ? m : { ...m, key: null };
  }

  // ---- leases and streams

  lease(user: string, device: string, channel: 'stream' | 'firestore', now: number): LeaseAnswer {
    if (channel === 'firestore' && this.spent) return { epoch: null, seq: 0, expires_in: 0, channel: 'stream' };
    const state = this.stateFor(user, channel, now);
    state.leases.set(device, now + LEASE);
    if (state.collected.some((m) => m.device !== device)) state.wanted = true;
    return { epoch: state.epoch, seq: state.seq, expires_in: 60, channel };
  }

  endLease(user: string, device: string, now: number): void {
    for (const s of this.push) if (s.user === user && s.channel === 'firestore' && s.leases.has(device)) s.leases.set(device, now);
  }

  openStream(user: string, device: string, conn: number, lastEventId: string | null, now: number): Stream {
    this.lease(user, device, 'stream', now);
    const state = this.stateFor(user, 'stream', now);
    const old = state.streams.get(device);
    if (old) this.endStream(old, now, true);
    const stream = new Stream(device, conn);
    state.streams.set(device, stream);
    const line = { epoch: state.epoch, seq: state.seq };
    stream.queue.push({ event: 'ready', line });
    if (lastEventId === null) return stream;
    const at = lastEventId.lastIndexOf(':');
    const seq = Number(lastEventId.slice(at + 1));
    const provable = lastEventId.slice(0, at) === state.epoch && (seq >= state.seq || (state.ring[0]?.seq ?? Infinity) <= seq + 1);
    if (!provable) stream.queue.push({ event: 'resync', line });
    else for (const a of state.ring) if (a.seq > seq) stream.queue.push({ event: 'news', news: newsOf(state.user, state.epoch, [a]) });
    return stream;
  }

  endStream(stream: Stream, now: number, visibleEnd: boolean): void {
    if (!stream.open) return;
    stream.open = false;
    stream.endedAt = now;
    stream.visibleEnd = visibleEnd;
    for (const s of this.push)
      if (s.streams.get(stream.device) === stream) {
        s.streams.delete(stream.device);
        s.leases.set(stream.device, now + LEASE);
      }
  }

  // ---- aggregates

  flush(state: PushState): void {
    const aggregate = { seq: ++state.seq, messages: state.collected };
    state.collected = [];
    state.wanted = false;
    state.ring = [...state.ring, aggregate].slice(-this.settings.ring);
    if (state.channel === 'firestore') state.frozen = aggregate;
    for (const stream of state.streams.values()) {
      // A slow reader's buffer is dropped and it is told so.
      if (stream.queue.length >= 3) stream.queue = [{ event: 'resync', line: { epoch: state.epoch, seq: state.seq } }];
      else stream.queue.push({ event: 'news', news: newsOf(state.user, state.epoch, [aggregate]) });
    }
  }

  attempt(state: PushState): void {
    state.attempt = new MailboxWrite(state.user, mailboxOf(state.user, state.epoch, state.ring, this.settings.stubAbove));
    this.writes.push(state.attempt);
  }

  land(write: MailboxWrite): void {
    this.mailboxes.get(write.user)?.push(write.document);
    write.landed += 1;
    if (write.landed > 1 && !write.awaited) this.writes = this.writes.filter((w) => w !== write);
  }

  /** The attempt was answered, or given up (`again`). */
  settleAttempt(state: PushState, again: boolean): void {
    if (state.attempt) state.attempt.awaited = false;
    state.attempt = null;
    if (!again) state.frozen = null;
  }

  // ---- ends

  crash(now: number): void {
    for (const s of this.push) for (const stream of [...s.streams.values()]) this.endStream(stream, now, true);
    for (const w of this.writes) w.awaited = false;
    const before = this.push;
    this.push = [];
    this.handovers = [];
    for (const state of before) if (state.channel === 'firestore' && state.live(now)) this.takeOver(state, now);
  }

  /** Mailbox leases outlive the process: each recipient's new epoch is written at once, with nothing in it (Servers 6). */
  private takeOver(old: PushState, now: number): void {
    const state = this.stateFor(old.user, 'firestore', now);
    for (const [device, end] of old.leases) state.leases.set(device, end);
    state.attempt = new MailboxWrite(state.user, { epoch: state.epoch, first: state.seq + 1, seq: state.seq, news: [], reads: [] });
    this.writes.push(state.attempt);
  }

  alive(state: PushState, now: number): boolean {
    if (!this.push.includes(state)) return false;
    if (!state.live(now)) this.drop(state, now);
    return state.live(now);
  }

  private stateFor(user: string, channel: 'stream' | 'firestore', now: number): PushState {
    const found = this.push.find((s) => s.user === user && s.channel === channel);
    if (found && this.alive(found, now)) return found;
    const state = new PushState(user, channel, `e${++this.epochs}`);
    this.push.push(state);
    return state;
  }

  private drop(state: PushState, now: number): void {
    for (const stream of [...state.streams.values()]) this.endStream(stream, now, true);
    this.push = this.push.filter((s) => s !== state);
  }
}
