// The machines read no clock and roll no dice: both come in with each event.
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** From 0 to below 1. */
  readonly jitter: number;
}

/** "Never" for a timer. */
export const NEVER = Number.POSITIVE_INFINITY;
