import type { Problem, Uuid } from '../types';
import { backoffDelay } from './backoff';
import { NEVER, type Moment } from './moment';

/** A message on its way, as it is persisted. */
export interface OutboxEntry {
  readonly key: Uuid;
  readonly chatId: Uuid;
  readonly text: string;
  /** Milliseconds since 1970 on this device, when it was sent. */
  readonly at: number;
  /** Set when the server refused it: the user retries or discards. */
  readonly problem: Problem | null;
}

interface Attempts {
  count: number;
  notBefore: number;
  /** The server named the pause itself: nothing shortens it. */
  asked: boolean;
  /** The number of the request under way. */
  request: number | null;
}

/** One send at a time in a chat keeps their order; chats do not wait for each other, up to this many. */
const PARALLEL = 4;

/**
 * Messages that the server has not answered yet. waiting → under way → (settled: gone) | waiting again after a pause | refused.
 * The key makes every retry safe, so an entry leaves only when an answer, a page or news shows the message.
 */
export class Outbox {
  readonly entries = new Map<Uuid, OutboxEntry>();
  private readonly attempts = new Map<Uuid, Attempts>();

  /** Returns false if the key is known already. */
  add(entry: OutboxEntry): boolean {
    if (this.entries.has(entry.key)) return false;
    this.entries.set(entry.key, entry);
    this.attempts.set(entry.key, { count: 0, notBefore: 0, asked: false, request: null });
    return true;
  }

  /** The message is in the history, or the user gave it up. Returns whether there was such an entry. */
  settle(key: Uuid): boolean {
    this.attempts.delete(key);
    return this.entries.delete(key);
  }

  /** The entries to send now: the first of each chat that is neither refused, under way nor pausing. */
  due(now: number): OutboxEntry[] {
    let free = PARALLEL - [...this.attempts.values()].filter((a) => a.request !== null).length;
    const found: OutboxEntry[] = [];
    for (const entry of this.firsts()) {
      const a = this.attempts.get(entry.key);
      if (free > 0 && a && a.request === null && now >= a.notBefore) {
        found.push(entry);
        free -= 1;
      }
    }
    return found;
  }

  posted(key: Uuid, request: number): void {
    const a = this.attempts.get(key);
    if (a) a.request = request;
  }

  /** No answer, or one that asks for another attempt. */
  failed(key: Uuid, m: Moment, retryAfter?: number): void {
    const a = this.attempts.get(key);
    if (!a) return;
    a.request = null;
    a.count += 1;
    a.asked = retryAfter !== undefined;
    a.notBefore = m.now + Math.max(backoffDelay(a.count, m.jitter), (retryAfter ?? 0) * 1_000);
  }

  /** The server said no. Returns whether there was such an entry. */
  refused(key: Uuid, problem: Problem): boolean {
    const entry = this.entries.get(key);
    if (!entry) return false;
    this.entries.set(key, { ...entry, problem });
    this.attempts.set(key, { count: 0, notBefore: 0, asked: false, request: null });
    return true;
  }

  /** The user asks for another attempt of a refused entry, under its old key. */
  retry(key: Uuid): boolean {
    const entry = this.entries.get(key);
    if (!entry?.problem) return false;
    this.entries.set(key, { ...entry, problem: null });
    return true;
  }

  /** The network is back: no pause of our own needs to be waited for. */
  hurry(): void {
    for (const a of this.attempts.values()) if (!a.asked) a.notBefore = 0;
  }

  wakeAt(): number {
    let at = NEVER;
    for (const entry of this.firsts()) {
      const a = this.attempts.get(entry.key);
      if (a && a.request === null) at = Math.min(at, a.notBefore);
    }
    return at;
  }

  private firsts(): OutboxEntry[] {
    const chats = new Map<Uuid, OutboxEntry>();
    for (const entry of this.entries.values()) if (!entry.problem && !chats.has(entry.chatId)) chats.set(entry.chatId, entry);
    return [...chats.values()];
  }
}
