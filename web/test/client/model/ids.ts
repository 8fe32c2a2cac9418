import type { Message, TimeUuid } from '../../../src/client/types';

/**
 * The id of the n-th position, n from 1. The low bits of the time are in the first eight digits, so the n-th and the (n + 1)-th are
 * spread in a way that comparing texts gets wrong: every third id carries into the middle bits.
 */
export function idOf(n: number): TimeUuid {
  const low = ((n % 3) * 0x4000_0000 + 7).toString(16).padStart(8, '0');
  const mid = Math.floor(n / 3).toString(16).padStart(4, '0');
  return `${low}-${mid}-11f0-8000-000000000001`;
}

export interface Stored extends Message {
  /** The device that sent it. */
  readonly device: string;
  /** Too long for news: travels as `fetch: true`. */
  readonly long: boolean;
}
