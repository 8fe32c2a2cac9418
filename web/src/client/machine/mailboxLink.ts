import { backoffDelay } from './backoff';
import { NEVER, type Moment } from './moment';

/** Milliseconds until a listener must have shown the document as the server has it. */
const PATIENCE = 12_000;
/** Milliseconds for which it may be cut off from the server; the SDK has tried for a while before it says so. */
const CUT_OFF_PATIENCE = 6_000;
/** Milliseconds before Firestore is tried again after a first failure; doubles up to `PAUSE_CAP`. */
const PAUSE = 60_000;
const PAUSE_CAP = 3_600_000;
/** A listener that lived this long (milliseconds) was a good one: its end is the first failure. */
const GOOD_LIFE = 300_000;
/** The shortest wait after a refusal, and the spread of the retries (milliseconds): not everybody comes back in one second. */
const REFUSAL_FLOOR = 60_000;
const SPREAD = 60_000;

export type MailboxEnd =
  /** Signing in or listening failed. */
  | 'failed'
  /** The server knows no Firebase: not worth another try. */
  | 'unconfigured';

/**
 * The life of the listener on the mailbox: off → attaching → attached ⇄ cut off → off. Each attempt has a number; what comes from others
 * is stale. While the stream serves instead, it knows when Firestore may be tried again, and what comes first then: the listener, where
 * that failed (a lease would have documents written for nobody); the lease, where the server refused one (attaching is a billed read).
 */
export class MailboxLink {
  private current: number | null = null;
  private isShown = false;
  private shownAt = 0;
  private giveUpAt = NEVER;
  private cutOffAt: number | null = null;
  private attempts = 0;
  private retryAt = NEVER;
  private refusedLast = false;
  /** A lease is asked for while the stream serves. */
  asking = false;

  get conn(): number | null {
    return this.current;
  }

  /** The document has been shown, and nothing is known to be wrong. */
  get isAttached(): boolean {
    return this.isShown && this.cutOffAt === null;
  }

  listening(conn: number, m: Moment): void {
    this.current = conn;
    this.isShown = false;
    this.cutOffAt = null;
    this.giveUpAt = m.now + PATIENCE;
  }

  /** The document as the server has it, or that there is none. */
  shown(m: Moment): void {
    if (!this.isShown) this.shownAt = m.now;
    this.isShown = true;
    this.cutOffAt = null;
    this.giveUpAt = NEVER;
  }

  /** The SDK cannot reach Firestore, and goes on trying. */
  cutOff(m: Moment): void {
    this.cutOffAt ??= m.now;
    this.giveUpAt = Math.min(this.giveUpAt, m.now + CUT_OFF_PATIENCE);
  }

  /** The browser was offline; the listener has its time anew. */
  backOnline(m: Moment): void {
    if (this.giveUpAt !== NEVER) this.giveUpAt = m.now + PATIENCE;
  }

  isSilent(now: number): boolean {
    return this.current !== null && now >= this.giveUpAt;
  }

  /** Detached on our own account. */
  left(): void {
    this.current = null;
    this.isShown = false;
    this.cutOffAt = null;
    this.giveUpAt = NEVER;
  }

  ended(end: MailboxEnd, m: Moment): void {
    const good = this.isShown && m.now - this.shownAt >= GOOD_LIFE;
    this.attempts = good ? 1 : this.attempts + 1;
    this.left();
    this.asking = this.refusedLast = false;
    this.retryAt = end === 'unconfigured' ? NEVER : m.now + backoffDelay(this.attempts, m.jitter, PAUSE, PAUSE_CAP);
  }

  /**
   * The server wants us on the stream for so many seconds; its budget may be full again at the day's turn. After failures of our own it
   * is likely to have had the same, and not for long.
   */
  refused(seconds: number, m: Moment): void {
    if (this.attempts > 0 || this.cutOffAt !== null) this.attempts += 1;
    this.left();
    this.asking = false;
    this.refusedLast = true;
    const wait = Math.min(PAUSE_CAP, Math.max(REFUSAL_FLOOR, seconds * 1_000), untilBudgetDay(m.now)) + SPREAD * m.jitter;
    this.retryAt = m.now + (this.attempts > 0 ? Math.min(wait, backoffDelay(this.attempts, m.jitter, PAUSE, PAUSE_CAP)) : wait);
  }

  /** The attempt to come back did not get through. */
  postponed(m: Moment): void {
    this.asking = false;
    this.retryAt = m.now + REFUSAL_FLOOR;
  }

  /** What to try again, if it is time. */
  due(now: number): 'listen' | 'lease' | null {
    if (now < this.retryAt || this.current !== null || this.asking) return null;
    return this.refusedLast ? 'lease' : 'listen';
  }

  wakeTimes(): number[] {
    return [this.giveUpAt, this.current === null && !this.asking ? this.retryAt : NEVER];
  }
}

const DAY = 86_400_000;
const pacific = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Milliseconds until Firestore's free quota, and with it the budget's day, begins anew: midnight Pacific time (off by an hour on the two days of the change). */
export function untilBudgetDay(now: number): number {
  const parts = new Map(pacific.formatToParts(now).map((p) => [p.type, Number(p.value)]));
  const since = (parts.get('hour') ?? 0) * 3_600_000 + (parts.get('minute') ?? 0) * 60_000 + (parts.get('second') ?? 0) * 1_000 + (((now % 1_000) + 1_000) % 1_000);
  return DAY - since;
}
