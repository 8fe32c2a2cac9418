import type { Moment } from './moment';

const BASE = 1_000;
const CAP = 30_000;

/** Milliseconds before attempt number `attempts + 1`: half of it fixed, half of it jitter, doubling from `base` up to `cap`. */
export function backoffDelay(attempts: number, jitter: number, base = BASE, cap = CAP): number {
  const full = Math.min(cap, base * 2 ** Math.max(0, attempts - 1));
  return full / 2 + (full / 2) * jitter;
}

/** When something that failed may be tried again. */
export class Backoff {
  attempts = 0;
  notBefore = 0;

  ready(now: number): boolean {
    return now >= this.notBefore;
  }

  /** `retryAfter`: seconds, as the server asked for. */
  failed(m: Moment, retryAfter?: number): void {
    this.attempts += 1;
    this.notBefore = m.now + Math.max(backoffDelay(this.attempts, m.jitter), (retryAfter ?? 0) * 1_000);
  }

  succeeded(): void {
    this.attempts = 0;
    this.notBefore = 0;
  }
}
