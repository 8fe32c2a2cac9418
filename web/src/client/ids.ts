// Message ids are TimeUUIDs (version 1). Their order is the 60-bit time, then the last eight bytes; the text of a UUID
// begins with the *low* bits of the time, so comparing texts would be wrong.
import type { TimeUuid, Uuid } from './types';

/** Lies before every message: the cursor of an empty chat. */
export const BEFORE_EVERYTHING: TimeUuid = '00000000-0000-1000-8000-000000000000';

/** A text whose code-unit order is the order of the ids. */
export function orderKey(id: TimeUuid): string {
  return id.slice(15, 18) + id.slice(9, 13) + id.slice(0, 8) + id.slice(19, 23) + id.slice(24);
}

/** Negative, zero or positive, as `Array.sort` wants it. */
export function compareTimeUuid(a: TimeUuid, b: TimeUuid): number {
  if (a === b) return 0;
  const x = orderKey(a);
  const y = orderKey(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function isLater(a: TimeUuid, b: TimeUuid | null): boolean {
  return b === null || compareTimeUuid(a, b) > 0;
}

/** The later of the two; null lies before every id. */
export function later(a: TimeUuid, b: TimeUuid | null): TimeUuid {
  return b !== null && compareTimeUuid(b, a) > 0 ? b : a;
}

/** Milliseconds between 1582-10-15, where TimeUUIDs begin, and 1970-01-01. */
const GREGORIAN_OFFSET = 12_219_292_800_000;

/** Milliseconds since 1970 that the id carries. */
export function timeOf(id: TimeUuid): number {
  const ticks = BigInt(`0x${id.slice(15, 18)}${id.slice(9, 13)}${id.slice(0, 8)}`);
  return Number(ticks / 10_000n) - GREGORIAN_OFFSET;
}

/** A random (version 4) UUID: idempotency keys and device names. `bytes` are sixteen random ones. */
export function randomUuid(bytes: Uint8Array): Uuid {
  const b = Uint8Array.from(bytes);
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x40;
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
