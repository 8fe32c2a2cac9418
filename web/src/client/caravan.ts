import type { CaravanOptions } from './options';
import type { Caravan } from './types';

/** One per page. Returns at once; the session of an earlier visit is loaded in the background (`ready`). */
export function createCaravan(_options: CaravanOptions = {}): Caravan {
  throw new Error('not built yet');
}
