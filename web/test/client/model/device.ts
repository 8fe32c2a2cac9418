// One browser: the real machine, what its store would hold, and the requests that it has under way.
import type { Action } from '../../../src/client/machine/action';
import { DeliveryMachine, type KeptChat } from '../../../src/client/machine/delivery';
import { keep } from '../../../src/client/machine/keep';
import type { OutboxEntry } from '../../../src/client/machine/outbox';
import type { Moment } from '../../../src/client/machine/moment';
import type { Stream } from './push';

export type MachineMaker = new (me: string, channel: 'stream' | 'firestore') => DeliveryMachine;

/** A request on the network. `live`: the client still waits; a request that it gave up may be processed all the same. */
export class Request {
  state: 'sent' | 'queued' | 'done' | 'lost' = 'sent';
  live = true;
  answer: unknown = null;
  constructor(
    readonly no: number,
    readonly device: string,
    readonly action: Extract<Action, { request: number } | { conn: number } | { do: 'deleteAttention' }>,
  ) {}
}

export class Device {
  machine: DeliveryMachine;
  /** What a reload finds: the outbox is written at once, chats some time later, each with its cursor. */
  readonly keptOutbox = new Map<string, OutboxEntry>();
  readonly keptChats = new Map<string, KeptChat>();
  readonly opened = new Set<string>();
  readonly announced: string[] = [];
  stream: Stream | null = null;
  /** The listener's number. */
  listening: number | null = null;
  /** It has shown the document. */
  shown = false;
  /** Which version of the mailbox was seen last. */
  version = -1;
  /** When the shell's timer goes off. */
  wakeAt = Number.POSITIVE_INFINITY;
  awake = true;
  started = false;
  visible = true;

  constructor(
    readonly name: string,
    readonly user: string,
    readonly channel: 'stream' | 'firestore',
    private readonly make: MachineMaker,
    private readonly limit: number,
  ) {
    this.machine = new make(user, channel);
  }

  /** What the machine asks for: network requests are returned, the rest is done here. */
  run(actions: readonly Action[], next: () => number): Request[] {
    const requests: Request[] = [];
    for (const a of actions) {
      switch (a.do) {
        case 'openStream':
        case 'putAttention':
        case 'deleteAttention':
        case 'getHeads':
        case 'getAfter':
        case 'getLatest':
        case 'getBefore':
        case 'post':
          requests.push(new Request(next(), this.name, a));
          break;
        case 'closeStream':
          this.stream = null;
          break;
        case 'listenToMailbox':
          this.listening = a.conn;
          this.shown = false;
          break;
        case 'leaveMailbox':
          if (this.listening === a.conn) this.listening = null;
          break;
        case 'noteOutbox':
          if (a.entry) this.keptOutbox.set(a.key, a.entry);
          else this.keptOutbox.delete(a.key);
          break;
        case 'announce':
          this.announced.push(a.message.id);
          break;
        default:
          break;
      }
    }
    return requests;
  }

  persist(): void {
    for (const [id, chat] of this.machine.chats) {
      const kept = keep(chat, this.limit);
      if (kept) this.keptChats.set(id, kept);
      else this.keptChats.delete(id);
    }
  }

  open(chatId: string, m: Moment): Action[] {
    this.opened.add(chatId);
    const kept = this.keptChats.get(chatId);
    return kept ? this.machine.restored(chatId, kept, m) : this.machine.opened(chatId, m);
  }

  close(chatId: string): void {
    this.persist();
    this.opened.delete(chatId);
    this.machine.closed(chatId);
  }

  /** The page is loaded anew: memory is gone. */
  reload(): void {
    this.machine = new this.make(this.user, this.channel);
    this.opened.clear();
    this.announced.length = 0;
    this.stream = null;
    this.listening = null;
    this.shown = this.started = false;
    this.version = -1;
    this.visible = true;
  }

  start(m: Moment): Action[] {
    this.started = true;
    const actions: Action[] = [];
    for (const entry of this.keptOutbox.values()) actions.push(...this.machine.sent(entry, m));
    actions.push(...this.machine.looked(true, [], m), ...this.machine.start(m));
    return actions;
  }
}
