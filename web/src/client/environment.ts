// The parts of a browser that the library uses, where they exist.
import { randomUuid } from './ids';
import type { Locks, Page, TabChannel } from './options';

export function browserFetch(): typeof fetch {
  return (input, init) => globalThis.fetch(input, init);
}

export function browserUuid(): string {
  return randomUuid(crypto.getRandomValues(new Uint8Array(16)));
}

/** Web Locks exist in secure contexts only. */
export function browserLocks(): Locks | null {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return null;
  const { locks } = navigator;
  return { request: <T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>) => locks.request(name, options, work) as Promise<T> };
}

export function browserChannel(): ((name: string) => TabChannel) | null {
  return typeof BroadcastChannel === 'undefined' ? null : (name) => new BroadcastChannel(name) as unknown as TabChannel;
}

export function browserPage(): Page {
  const hasPage = typeof document !== 'undefined';
  return {
    visible: () => !hasPage || document.visibilityState === 'visible',
    online: () => typeof navigator === 'undefined' || navigator.onLine !== false,
    watch: (changed) => {
      if (!hasPage) return () => {};
      const changes = () => changed('changed');
      const attends = () => changed('attended');
      const leaves = () => changed('leaving');
      const on: [EventTarget, string, () => void][] = [
        [document, 'visibilitychange', changes],
        [document, 'resume', changes],
        [window, 'online', changes],
        [window, 'offline', changes],
        [window, 'pageshow', changes],
        [window, 'focus', changes],
        [window, 'focus', attends],
        [window, 'pointerdown', attends],
        [window, 'keydown', attends],
        [window, 'pagehide', leaves],
      ];
      for (const [target, event, listener] of on) target.addEventListener(event, listener);
      return () => {
        for (const [target, event, listener] of on) target.removeEventListener(event, listener);
      };
    },
  };
}
