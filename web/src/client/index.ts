export * from './types';
export type { CaravanOptions } from './options';
export { compareTimeUuid } from './ids';
export { createCaravan } from './caravan';
