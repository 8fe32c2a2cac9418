import type { Uuid } from '../types';
import type { ChannelKind, LeaseAnswer } from '../wire';
import { backoffDelay } from './backoff';
import { NEVER, type Moment } from './moment';

/** Milliseconds between renewals; a lease lives 60 s. */
const RENEW = 25_000;
/** The server allows one lease call a second and device. */
const SPACING = 1_000;
/** The server takes this many viewed chats a device. */
const VIEWED_LIMIT = 8;

/**
 * When to tell the server what this device looks at. On a stream, which is a lease by itself, the calls say which chats are viewed;
 * on the mailbox channel they are the lease.
 */
export class Attention {
  visible = false;
  viewing: readonly Uuid[] = [];
  /** The next renewal. */
  due = 0;
  /** The server has not been told of the latest change. */
  private unsaid = false;
  private last = -SPACING;
  private attempts = 0;
  /** Calls in a row that had no answer at all. */
  silent = 0;
  private request: { readonly no: number; readonly at: number } | null = null;
  /** A renewal was asked for while one was under way: its answer may be older than what asked for it. */
  private again = false;

  /** Returns `hidden` when the page has just been hidden, `shown` when it was shown again. */
  look(visible: boolean, viewing: readonly Uuid[], m: Moment): 'hidden' | 'shown' | null {
    const next = visible ? viewing.slice(0, VIEWED_LIMIT) : [];
    if (next.length !== this.viewing.length || next.some((id, i) => id !== this.viewing[i])) this.unsaid = true;
    this.viewing = next;
    if (visible === this.visible) return null;
    this.visible = visible;
    if (visible) this.renewNow(m);
    return visible ? 'shown' : 'hidden';
  }

  /** A stream was opened: the server knows nothing of what is viewed. */
  opened(m: Moment): void {
    this.unsaid ||= this.viewing.length > 0;
    this.due = m.now + RENEW;
  }

  renewNow(m: Moment): void {
    this.due = Math.min(this.due, m.now);
    if (this.request) this.again = true;
  }

  shouldAsk(channel: ChannelKind, now: number): boolean {
    if (!this.isFree(now)) return false;
    return this.visible ? this.unsaid || now >= this.due : channel === 'stream' && this.unsaid;
  }

  /** The pace allows a call, whatever it is for. */
  isFree(now: number): boolean {
    return !this.request && now >= this.last + SPACING;
  }

  asked(no: number, m: Moment): void {
    this.request = { no, at: m.now };
    this.last = m.now;
    this.unsaid = false;
    this.again = false;
  }

  answered(answer: LeaseAnswer, m: Moment): void {
    const at = this.request?.at ?? m.now;
    this.request = null;
    this.attempts = this.silent = 0;
    this.due = this.again ? m.now : answer.epoch === null ? m.now + SPACING : at + RENEW;
  }

  failed(m: Moment, retryAfter?: number, silent = false): void {
    this.request = null;
    this.attempts += 1;
    this.silent = silent ? this.silent + 1 : 0;
    this.unsaid = true;
    this.due = m.now + Math.max(backoffDelay(this.attempts, m.jitter), (retryAfter ?? 0) * 1_000);
    this.last = this.due - SPACING;
  }

  /** The network is back: what had no answer is tried at once. */
  hurry(m: Moment): void {
    if (this.silent === 0 || this.request) return;
    this.last = Math.min(this.last, m.now - SPACING);
    this.due = m.now;
  }

  wakeAt(channel: ChannelKind): number {
    if (this.request) return NEVER;
    const free = this.last + SPACING;
    if (this.unsaid && (this.visible || channel === 'stream')) return free;
    return this.visible ? Math.max(free, this.due) : NEVER;
  }
}
