import type { ConnectionState } from '../types';
import { backoffDelay } from './backoff';
import { NEVER, type Moment } from './moment';

/** A stream that lived this long (milliseconds) was a good one: its end is no failure. */
const GOOD_LIFE = 5_000;
/** A lost stream that is back within this time (milliseconds) is not worth a word: tokens expire, servers restart. */
const GRACE = 2_000;
/** An attempt given up without an answer may still reach the server, and replace the stream that came after it: for so long (milliseconds). */
const LATE_ARRIVAL = 60_000;
/** So many attempts without any answer, and we call it offline. */
const OFFLINE_AFTER = 3;

export type StreamEnd =
  | { readonly how: 'ended' }
  /** The server drains, or had another reason that passes, and said so. */
  | { readonly how: 'bye' }
  /** Another stream of this device has taken its place: a tab of a browser without locks, a copied profile. */
  | { readonly how: 'replaced' }
  /** It could not be opened; `silent`: there was no answer at all. */
  | { readonly how: 'failed'; readonly silent: boolean; readonly retryAfter?: number };

/** The life of the event stream: closed until a time → opening → open → closed …; replaced: closed until attended to. Each attempt has a number; what comes from others is stale. */
export class StreamLink {
  private current: number | null = null;
  private opened = false;
  private openedAt = 0;
  private reopenAt = 0;
  private attempts = 0;
  private silent = 0;
  private everOpen = false;
  private lostAt = 0;
  private replaced = false;
  /** When an attempt was given up of which nobody knows whether it will arrive. */
  private givenUpAt: number | null = null;
  /** The epoch that was named in `Last-Event-ID`. */
  resumed: string | null = null;
  /** The run that this stream's `ready` began; null when it continued one. */
  begunRun: number | null = null;

  get conn(): number | null {
    return this.current;
  }

  get isOpen(): boolean {
    return this.opened;
  }

  shouldOpen(now: number): boolean {
    return this.current === null && now >= this.reopenAt;
  }

  opening(conn: number, resumed: string | null): void {
    this.current = conn;
    this.resumed = resumed;
  }

  ready(m: Moment): void {
    this.opened = this.everOpen = true;
    this.openedAt = m.now;
    this.silent = 0;
  }

  ended(end: StreamEnd, m: Moment): void {
    const mayArrive = this.current !== null && !this.opened && (end.how !== 'failed' || end.silent);
    const own = this.givenUpAt !== null && m.now - this.givenUpAt <= LATE_ARRIVAL;
    const good = this.opened && m.now - this.openedAt >= GOOD_LIFE;
    this.attempts = good ? 0 : this.attempts + 1;
    this.silent = end.how === 'failed' && end.silent ? this.silent + 1 : 0;
    this.close(m);
    let pause = this.attempts > 1 ? backoffDelay(this.attempts - 1, m.jitter) : 300 * m.jitter;
    if (end.how === 'bye' || end.how === 'replaced') pause = 250 + 2_750 * m.jitter;
    if (end.how === 'failed') pause = Math.max(backoffDelay(this.attempts, m.jitter), (end.retryAfter ?? 0) * 1_000);
    if (mayArrive) this.givenUpAt = m.now;
    if (end.how === 'replaced') {
      // Two that open again and again would replace each other for ever: who was replaced waits for its user.
      this.replaced = !own;
      this.givenUpAt = null;
    }
    this.reopenAt = this.replaced ? NEVER : m.now + pause;
  }

  /** Somebody uses this client: what was replaced takes the stream back. */
  attended(m: Moment): void {
    if (!this.replaced) return;
    this.replaced = false;
    this.reopenAt = m.now;
  }

  /** Given up by ourselves, to be opened anew. */
  reset(m: Moment): void {
    this.ended({ how: 'ended' }, m);
  }

  close(m: Moment): void {
    if (this.opened) this.lostAt = m.now;
    this.current = null;
    this.opened = false;
    this.resumed = this.begunRun = null;
  }

  /** The network is back: try at once. */
  hurry(m: Moment): void {
    if (this.silent > 0) this.reopenAt = Math.min(this.reopenAt, m.now + 300 * m.jitter);
  }

  state(online: boolean, now: number): ConnectionState {
    if (!online) return 'offline';
    if (this.opened) return 'live';
    if (this.replaced) return 'replaced';
    if (this.silent >= OFFLINE_AFTER) return 'offline';
    if (!this.everOpen) return 'connecting';
    return now < this.lostAt + GRACE ? 'live' : 'reconnecting';
  }

  /** The times at which `shouldOpen` or `state` may change by themselves. */
  wakeTimes(): number[] {
    return this.opened ? [] : [this.current === null ? this.reopenAt : NEVER, this.lostAt + GRACE];
  }
}
