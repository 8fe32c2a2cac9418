import type { Live } from '../types';

/** A `Live` whose owner sets it. `onWatched` hears when the first listener comes and the last one goes. */
export class LiveValue<T> implements Live<T> {
  private readonly listeners = new Set<() => void>();

  constructor(
    private value: T,
    private readonly onWatched: (watched: boolean) => void = () => {},
  ) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    // A function of our own, so that the same listener may be added twice.
    const own = () => listener();
    this.listeners.add(own);
    if (this.listeners.size === 1) this.onWatched(true);
    return () => {
      if (this.listeners.delete(own) && this.listeners.size === 0) this.onWatched(false);
    };
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }
}
