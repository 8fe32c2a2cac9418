// A tab among the tabs of its browser: whether it leads, and how commands and updates travel between it and the one that does.
import type { Engine } from '../engine/engine';
import type { OutboxEntry } from '../machine/outbox';
import type { Locks, TabChannel } from '../options';
import type { Chat, Message, Problem } from '../types';
import type { Command, Presence, TabMessage, Update } from './protocol';

/** Milliseconds between the ticks that a visible follower lends its leader. */
const TICK = 5_000;
/** Commands kept until a leader is known. */
const EARLY_LIMIT = 200;

export interface TabParts {
  readonly tab: string;
  readonly name: string;
  /** Both or none: without them every tab is its own leader. */
  readonly shared: { readonly locks: Locks; readonly channel: TabChannel } | null;
  /** null: nobody is logged in. */
  readonly makeEngine: (link: TabLink) => Engine | null;
  readonly presence: () => Presence;
  readonly unsettled: () => readonly OutboxEntry[];
  readonly onUpdate: (update: Update) => void;
  readonly onMessage: (message: Message, chat: Chat | null) => void;
  readonly onReply: (ticket: string, problem: Problem | null) => void;
  /** Another leader: what the old one was asked for will not be answered. */
  readonly onLeader: () => void;
  readonly onSession: (what: 'begun' | 'renewed' | 'logout' | 'expired') => void;
}

export class TabLink {
  /** The engine that leads, once it has read the store. */
  private engine: Engine | null = null;
  private starting: Engine | null = null;
  private leading = false;
  /** The tab's own lock is held. */
  private alive = false;
  private readonly end = new AbortController();
  private early: Command[] = [];
  /** As a leader: the last number given to an update. As a follower: the last one received. */
  private no = 0;
  private leader: string | null = null;
  private readonly followers = new Map<string, AbortController>();
  private ticker: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly parts: TabParts) {}

  start(): void {
    const { shared, name, tab } = this.parts;
    if (!shared) return this.lead();
    shared.channel.onmessage = (event) => this.heard(event.data as TabMessage);
    // Held as long as the tab lives, so that the leader learns of its end, however it comes. Nobody hears of the tab before it is
    // held: the leader would get the lock at once, and take the tab for gone.
    this.hold(shared.locks, `${name}:tab:${tab}`, () => {
      this.alive = true;
      this.hello();
    });
    this.hold(shared.locks, `${name}:leader`, () => this.lead());
    this.ticker = setInterval(() => {
      if (!this.leading && this.parts.presence().visible) this.say({ say: 'tick' });
    }, TICK);
  }

  command(command: Command): void {
    const { tab } = this.parts;
    if (this.engine) this.engine.command(tab, command);
    else if (this.leader !== null) this.say({ say: 'command', tab, command });
    else if (this.early.length < EARLY_LIMIT) this.early.push(command);
  }

  presenceChanged(): void {
    const { tab } = this.parts;
    const presence = this.parts.presence();
    if (this.engine) this.engine.setPresence(tab, presence);
    else if (this.leader !== null) this.say({ say: 'presence', tab, presence });
  }

  pageChanged(online: boolean): void {
    this.presenceChanged();
    this.engine?.networkChanged(online);
  }

  /** Somebody uses this tab while the stream is another client's. */
  attended(): void {
    if (this.engine) this.engine.attended();
    else this.say({ say: 'attended' });
  }

  leaving(): void {
    void this.engine?.flush();
  }

  /** The session began, was renewed or ended here. */
  sessionChanged(what: 'begun' | 'renewed' | 'logout' | 'expired'): void {
    this.say({ say: 'session', what });
    this.followSession(what);
  }

  close(): void {
    void this.engine?.flush();
    this.stopEngine();
    this.end.abort();
    if (this.ticker !== null) clearInterval(this.ticker);
    for (const waiting of this.followers.values()) waiting.abort();
    this.parts.shared?.channel.close();
  }

  // ---- what the engine says

  readonly publish = (to: string | null, update: Update): void => {
    const { tab } = this.parts;
    if (to === null) this.no += 1;
    if (to !== tab && this.followers.size > 0) this.say({ say: 'update', leader: tab, no: this.no, to, update });
    if (to === null || to === tab) this.parts.onUpdate(update);
  };

  readonly tell = (to: string, message: Message, chat: Chat | null): void => {
    if (to === this.parts.tab) this.parts.onMessage(message, chat);
    else this.say({ say: 'message', to, message, chat });
  };

  readonly reply = (to: string, ticket: string, problem: Problem | null): void => {
    if (to === this.parts.tab) this.parts.onReply(ticket, problem);
    else this.say({ say: 'reply', to, ticket, problem });
  };

  // ---- leading

  private hold(locks: Locks, name: string, granted: () => void): void {
    const { signal } = this.end;
    const held = () =>
      new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        signal.addEventListener('abort', () => resolve());
        granted();
      });
    locks.request(name, { signal }, held).catch(() => {}); // aborted: the tab was closed before its turn
  }

  private lead(): void {
    this.leading = true;
    this.leader = null;
    void this.startEngine();
  }

  /** Nobody is told of the new leader before it has read the store: its first word is everything there is. */
  private async startEngine(): Promise<void> {
    if (!this.leading || this.starting) return;
    const engine = this.parts.makeEngine(this);
    if (!engine) return;
    this.starting = engine;
    await engine.begin();
    if (this.starting !== engine) return;
    this.engine = engine;
    this.leader = this.parts.tab;
    this.parts.onLeader();
    this.say({ say: 'leading', leader: this.parts.tab });
    engine.attach(this.parts.tab, this.parts.presence(), this.parts.unsettled());
    this.sendEarly();
  }

  private stopEngine(): void {
    this.starting?.close();
    this.starting = this.engine = this.leader = null;
    for (const waiting of this.followers.values()) waiting.abort();
    this.followers.clear();
  }

  private followSession(what: 'begun' | 'renewed' | 'logout' | 'expired'): void {
    if (what === 'renewed') return;
    this.stopEngine();
    this.early = [];
    if (what === 'begun') void this.startEngine();
  }

  private attach(tab: string, presence: Presence, unsettled: readonly OutboxEntry[]): void {
    const { shared, name } = this.parts;
    if (!this.engine || !shared) return;
    if (!this.followers.has(tab)) {
      const waiting = new AbortController();
      this.followers.set(tab, waiting);
      const gone = async () => {
        this.followers.delete(tab);
        this.engine?.detach(tab);
      };
      // Granted when the tab has gone.
      shared.locks.request(`${name}:tab:${tab}`, { signal: waiting.signal }, gone).catch(() => {});
    }
    this.engine.attach(tab, presence, unsettled);
  }

  /** A tab that speaks without having been heard to come in is asked to. */
  private knows(tab: string): boolean {
    const known = this.followers.has(tab);
    if (this.engine && !known) this.say({ say: 'leading', leader: this.parts.tab });
    return known;
  }

  // ---- following

  private hello(): void {
    const { tab } = this.parts;
    if (this.alive) this.say({ say: 'hello', tab, presence: this.parts.presence(), unsettled: this.parts.unsettled() });
  }

  private sendEarly(): void {
    const commands = this.early;
    this.early = [];
    for (const command of commands) this.command(command);
  }

  private heard(message: TabMessage): void {
    const { tab } = this.parts;
    switch (message.say) {
      case 'hello':
        return this.attach(message.tab, message.presence, message.unsettled);
      case 'presence':
        if (this.knows(message.tab)) this.engine?.setPresence(message.tab, message.presence);
        return;
      case 'command':
        this.knows(message.tab);
        return this.engine?.command(message.tab, message.command);
      case 'tick':
        return this.engine?.nudge();
      case 'attended':
        return this.engine?.attended();
      case 'leading':
        if (this.leading) return;
        this.parts.onLeader();
        return this.hello();
      case 'update':
        return this.updated(message);
      case 'message':
        if (message.to === tab) this.parts.onMessage(message.message, message.chat);
        return;
      case 'reply':
        if (message.to === tab) this.parts.onReply(message.ticket, message.problem);
        return;
      case 'session':
        this.parts.onSession(message.what);
        return;
    }
  }

  /** After `onSession` has looked into the store. */
  sessionFollowed(what: 'begun' | 'renewed' | 'logout' | 'expired'): void {
    this.followSession(what);
  }

  private updated(message: Extract<TabMessage, { say: 'update' }>): void {
    const { to, leader, no, update } = message;
    if (this.leading || (to !== null && to !== this.parts.tab)) return;
    if (to === null) {
      // Another leader than we know, or an update was missed: hear everything again.
      if (leader !== this.leader || no !== this.no + 1) {
        this.leader = null;
        return this.hello();
      }
      this.no = no;
    } else if (update.list?.reset) {
      this.leader = leader;
      this.no = no;
      this.sendEarly();
    } else if (leader !== this.leader) return;
    this.parts.onUpdate(update);
  }

  private say(message: TabMessage): void {
    if (this.end.signal.aborted) return;
    this.parts.shared?.channel.postMessage(message);
  }
}
