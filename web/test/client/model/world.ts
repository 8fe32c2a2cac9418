// A world of one server and some browsers, in which every thing that can happen is a step. A schedule is a list of steps.
import { BEFORE_EVERYTHING, compareTimeUuid } from '../../../src/client/ids';
import type { ChatHistory } from '../../../src/client/machine/history';
import type { Message } from '../../../src/client/types';
import type { Head, LeaseAnswer, MessagePage } from '../../../src/client/wire';
import { Device, Request, type MachineMaker } from './device';
import type { Stream } from './push';
import { ModelServer, type Send } from './server';

export type Step = readonly [name: string, ...args: (string | number)[]];

export interface Setting {
  readonly devices: readonly { readonly name: string; readonly user: string; readonly channel: 'stream' | 'firestore' }[];
  readonly chats: readonly string[];
  /** Messages in each chat at the beginning. */
  readonly earlier: number;
  readonly page: number;
  readonly ring: number;
  readonly longEvery: number;
  /** Aggregates of more messages are too large for a mailbox: stubs stand in it for their chats. Default: none is. */
  readonly stubAbove?: number;
  /** Messages that a browser keeps of a chat. */
  readonly kept: number;
  readonly machine: MachineMaker;
  /** Sends in the whole schedule. */
  readonly sends: number;
  /** Judge by what is shown instead of by the oldest page-read message: for variants that confuse the two. */
  readonly byShown?: boolean;
}

/** What the protocol must never let happen. */
export class Violation extends Error {}

const WATCHDOG = 45_000;
const NETWORK = { problem: { code: 'network', status: 0, detail: '' }, again: true } as const;

export class World {
  now = 1_000_000;
  /** Off while the world settles: nothing is lost, late or crashed any more. */
  faults = true;
  readonly server: ModelServer;
  readonly devices: Device[];
  requests: Request[] = [];
  queue: { readonly send: Send; readonly request: Request | null }[] = [];
  private numbers = 0;
  sends = 0;

  constructor(readonly setting: Setting) {
    Object.freeze(setting);
    const members = [...new Set(setting.devices.map((d) => d.user)), 'bob'];
    this.server = new ModelServer(Object.freeze({ page: setting.page, ring: setting.ring, longEvery: setting.longEvery, stubAbove: setting.stubAbove ?? Infinity, members }), setting.chats);
    for (const chatId of setting.chats)
      for (let i = 0; i < setting.earlier; i++) this.server.store({ user: 'bob', device: 'b', chatId, key: `old ${chatId} ${i}`, text: `old ${i}` });
    this.devices = setting.devices.map((d) => new Device(d.name, d.user, d.channel, setting.machine, setting.kept));
  }

  device(name: string | number | undefined): Device {
    const found = this.devices.find((d) => d.name === name);
    if (!found) throw new Error(`no device ${name}`);
    return found;
  }

  private get moment() {
    return { now: this.now, jitter: 0 };
  }

  // ---- the network

  private act(device: Device, actions: ReturnType<Device['open']>): void {
    this.requests.push(...device.run(actions, () => ++this.numbers));
    device.wakeAt = device.machine.wakeAt(this.now);
  }

  forget(r: Request): void {
    r.live = false;
    this.requests = this.requests.filter((x) => x !== r);
  }

  /** The server takes the request up. */
  process(r: Request): void {
    const device = this.device(r.device);
    const { user } = device;
    const a = r.action;
    r.state = 'done';
    switch (a.do) {
      case 'post': {
        r.state = 'queued';
        const { chatId, key, text } = a.entry;
        this.queue.push({ send: { user, device: r.device, chatId, key, text }, request: r });
        break;
      }
      case 'putAttention':
        r.answer = this.server.lease(user, r.device, a.channel, this.now);
        break;
      case 'deleteAttention':
        this.server.endLease(user, r.device, this.now);
        this.forget(r);
        break;
      case 'getHeads':
        r.answer = this.server.heads();
        break;
      case 'getAfter':
        r.answer = this.server.after(user, a.chatId, a.after);
        break;
      case 'getLatest':
        r.answer = this.server.before(user, a.chatId, null);
        break;
      case 'getBefore':
        r.answer = this.server.before(user, a.chatId, a.before);
        break;
      case 'openStream': {
        const stream = this.server.openStream(user, r.device, a.conn, a.lastEventId, this.now);
        if (r.live && device.machine.link.conn === a.conn) device.stream = stream;
        this.forget(r);
        break;
      }
      case 'closeStream':
        break;
    }
    if (!r.live && r.state === 'done') this.forget(r);
  }

  answer(r: Request): void {
    this.forget(r);
    const { machine } = this.device(r.device);
    const a = r.action;
    const m = this.moment;
    const done = () => {
      switch (a.do) {
        case 'putAttention':
          return machine.leaseAnswered(a.request, r.answer as LeaseAnswer, m);
        case 'getHeads':
          return machine.headsAnswered(a.request, r.answer as Head[], m);
        case 'getAfter':
        case 'getLatest':
        case 'getBefore':
          return machine.pageAnswered(a.request, r.answer as MessagePage, m);
        case 'post':
          return machine.sendAnswered(a.request, r.answer as Message, m);
        default:
          return [];
      }
    };
    this.act(this.device(r.device), done());
  }

  /** The client gives up: a broken connection, a time limit. */
  fail(r: Request): void {
    const { machine } = this.device(r.device);
    r.live = false;
    if (r.state !== 'sent') this.forget(r);
    const a = r.action;
    if (a.do === 'openStream') this.act(this.device(r.device), machine.streamEnded(a.conn, { how: 'failed', silent: true }, this.moment));
    else if ('request' in a) this.act(this.device(r.device), machine.failed(a.request, NETWORK, this.moment));
  }

  deliver(device: Device, stream: Stream): void {
    const e = stream.queue.shift();
    if (!e) return;
    const { machine } = device;
    const m = this.moment;
    if (e.event === 'news') this.act(device, machine.streamNews(stream.conn, e.news, m));
    else if (e.event === 'ready') this.act(device, machine.streamReady(stream.conn, e.line, m));
    else this.act(device, machine.streamResync(stream.conn, e.line, m));
  }

  endSeen(device: Device, stream: Stream): void {
    device.stream = null;
    this.act(device, device.machine.streamEnded(stream.conn, { how: 'ended' }, this.moment));
  }

  showMailbox(device: Device, version: number): void {
    const conn = device.listening;
    if (conn === null) throw new Error('nobody listens');
    device.version = version;
    device.shown = true;
    const document = this.server.mailboxes.get(device.user)?.[version] ?? null;
    this.act(device, device.machine.mailboxChanged(conn, document, this.moment));
  }

  commit(count: number): void {
    const group = this.queue.splice(0, count);
    const stored = this.server.commit(group.map((g) => g.send));
    group.forEach(({ request, send }, i) => {
      const m = stored[i];
      if (!request || !m) return;
      request.state = 'done';
      request.answer = this.server.shownTo(send.user, m);
      if (!request.live) this.forget(request);
    });
  }

  do(device: Device, work: (d: Device, m: { now: number; jitter: number }) => ReturnType<Device['open']>): void {
    this.act(device, work(device, this.moment));
  }

  // ---- what may happen next

  enabled(): Step[] {
    const found: Step[] = [];
    const f = this.faults;
    for (const r of this.requests) {
      const device = this.device(r.device);
      if (r.state === 'sent') found.push(['process', r.no]);
      else if (r.state === 'done' && r.live && device.awake) found.push(['answer', r.no]);
      if (r.live && device.awake && r.action.do !== 'deleteAttention' && (f || r.state === 'lost')) found.push(['fail', r.no]);
      else if (!r.live && f && r.state === 'sent') found.push(['vanish', r.no]);
    }
    if (this.queue.length > 0) found.push(['commit', 1]);
    if (this.queue.length > 1 && f) found.push(['commit', 2]);
    if (this.server.handovers.length > 0) found.push(['handOver']);
    this.server.push.forEach((s, i) => {
      if (!s.live(this.now)) return;
      if (s.collected.length > 0 && s.wanted && !s.frozen) found.push(['flush', i]);
      if (s.frozen && !s.attempt && !this.server.spent) found.push(['attempt', i]);
      if (s.attempt && s.attempt.landed > 0) found.push(['acknowledge', i]);
      if (s.attempt && f) found.push(['giveUpAttempt', i]);
    });
    this.server.writes.forEach((w, i) => {
      if (f || (w.awaited && w.landed === 0)) found.push(['land', i]);
    });
    for (const d of this.devices) found.push(...this.enabledOn(d));
    if (f) {
      found.push(['crash'], this.server.spent ? ['newDay'] : ['spend']);
      for (const s of [1, 3, 11, 27, 61]) found.push(['tick', s]);
      if (this.sends < this.setting.sends) for (const c of this.setting.chats) found.push(['bobSends', c]);
    }
    return found;
  }

  private enabledOn(d: Device): Step[] {
    const found: Step[] = [];
    const f = this.faults;
    const n = d.name;
    if (!d.awake) {
      found.push(['wake', n]);
      if (f && d.stream?.open) found.push(['cutSilently', n]);
      return found;
    }
    if (!d.started) return [['start', n]];
    if (d.wakeAt <= this.now) found.push(['timer', n]);
    if (d.stream) {
      if (d.stream.queue.length > 0) found.push(['deliver', n]);
      if (d.stream.open && f) found.push(['cut', n], ['cutSilently', n]);
      const dead = d.stream.visibleEnd || this.now >= d.stream.endedAt + WATCHDOG;
      if (!d.stream.open && d.stream.queue.length === 0 && dead) found.push(['endSeen', n]);
      if (f) found.push(['leaveStream', n]);
    }
    const last = (this.server.mailboxes.get(d.user)?.length ?? 0) - 1;
    if (d.listening !== null) {
      // A new listener shows what there is, be it the same as before or nothing; snapshots may be left out, and come in another order.
      if (d.version < last || !d.shown) found.push(['mailbox', n, last]);
      if (f && d.version + 1 < last) found.push(['mailbox', n, d.version + 1]);
      if (f) found.push(['mailboxFails', n], ['cutOff', n]);
    }
    if (f || !d.visible) found.push([d.visible ? 'hide' : 'show', n]);
    if (!f) return found;
    found.push(['reload', n], ['sleep', n], ['persist', n]);
    for (const c of this.setting.chats) {
      if (!d.opened.has(c)) found.push(['open', n, c]);
      else found.push(['close', n, c]);
      if (d.machine.chats.get(c)?.hasOlder) found.push(['older', n, c]);
      if (this.sends < this.setting.sends) found.push(['send', n, c]);
    }
    return found;
  }

  // ---- what must hold

  check(): void {
    for (const d of this.devices) {
      for (const [chatId, all] of this.server.chats) {
        const chat = d.machine.chats.get(chatId);
        if (chat?.cursor != null && chat.oldest !== null) this.holds(d, chatId, chat.held, this.from(chat), chat.cursor);
        if (chat?.cursor != null && !this.setting.byShown && compareTimeUuid(chat.sorted()[0]?.id ?? chat.cursor, chat.oldest ?? '') < 0)
          throw new Violation(`${d.name}, ${chatId}: shows what lies below the oldest page-read message`);
        const kept = d.keptChats.get(chatId);
        if (kept) this.holds(d, `${chatId} (kept)`, new Map(kept.messages.map((m) => [m.id, m])), kept.oldest, kept.cursor, all);
        for (const m of chat?.held.values() ?? [])
          if (m.key && m.sender_id === d.user && d.machine.outbox.entries.has(m.key)) throw new Violation(`${d.name} shows ${m.key} twice`);
      }
      if (new Set(d.announced).size < d.announced.length) throw new Violation(`${d.name} announced a message twice`);
    }
  }

  private holds(d: Device, chatId: string, held: ReadonlyMap<string, Message>, from: string, to: string, all = this.server.chats.get(chatId) ?? [], when = ''): void {
    for (const m of all)
      if (compareTimeUuid(m.id, from) >= 0 && compareTimeUuid(m.id, to) <= 0 && held.get(m.id)?.text !== m.text)
        throw new Violation(`${d.name}, ${chatId}: ${m.id} is missing between ${from} and ${to} ${when}`);
  }

  checkSettled(when: string): void {
    for (const d of this.devices) {
      if (d.machine.outbox.entries.size > 0) throw new Violation(`${d.name}: unsent ${when}`);
      for (const chatId of d.opened) {
        const chat = d.machine.chats.get(chatId);
        const all = this.server.chats.get(chatId) ?? [];
        if (!chat || chat.cursor === null || chat.oldest === null) throw new Violation(`${d.name}, ${chatId}: not read ${when}`);
        this.holds(d, chatId, chat.held, this.from(chat), all.at(-1)?.id ?? BEFORE_EVERYTHING, all, when);
        for (const id of chat.held.keys()) if (!all.some((m) => m.id === id)) throw new Violation(`${d.name}, ${chatId}: ${id} is not in the history`);
      }
    }
    for (const slot of this.server.accepted) {
      const n = [...this.server.chats.values()].flat().filter((m) => `${m.sender_id} ${m.chat_id} ${m.key}` === slot).length;
      if (n !== 1) throw new Violation(`${slot} is ${n} times in the history`);
    }
  }

  private from(chat: ChatHistory): string {
    const shown = chat.sorted()[0]?.id;
    return (this.setting.byShown ? shown : null) ?? chat.oldest ?? BEFORE_EVERYTHING;
  }
}
