import type { Live } from '../client/types';

/** A value of the app's own in the shape the client library's have, so that one hook reads both. */
export interface Signal<T> extends Live<T> {
  set(value: T): void;
}

export function signal<T>(initial: T): Signal<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
