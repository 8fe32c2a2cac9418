// Tabs of one browser in one process: locks, channels, pages, and a store that they share.
import type { CaravanOptions, Locks, Page, TabChannel } from '../../../src/client/options';
import { MemoryStore } from '../../../src/client/store/memoryStore';
import { createCaravan } from '../../../src/client';
import type { Caravan } from '../../../src/client';
import type { FakeServer } from './fakeServer';

class SharedStore extends MemoryStore {
  override readonly shared: boolean = true;
}

export class FakePage implements Page {
  private listener: (event: 'changed' | 'attended' | 'leaving') => void = () => {};
  isVisible = true;
  isOnline = true;
  visible = () => this.isVisible;
  online = () => this.isOnline;
  watch(changed: (event: 'changed' | 'attended' | 'leaving') => void): () => void {
    this.listener = changed;
    return () => {};
  }
  show(visible: boolean): void {
    this.isVisible = visible;
    this.listener('changed');
  }
  connect(online: boolean): void {
    this.isOnline = online;
    this.listener('changed');
  }
  attend(): void {
    this.listener('attended');
  }
  leave(): void {
    this.listener('leaving');
  }
}

interface Held {
  readonly tab: string;
  release: () => void;
}

export class FakeBrowser {
  store = new SharedStore();
  private readonly channels = new Map<TabChannel, string>();
  private readonly held = new Map<string, Held>();
  private readonly queues = new Map<string, (() => void)[]>();
  private readonly dead = new Set<string>();

  constructor(private readonly server: FakeServer) {}

  /** Another tab; `name` is for `crash`. */
  tab(name: string, more: CaravanOptions = {}): { caravan: Caravan; page: FakePage } {
    const page = new FakePage();
    const fetch: typeof globalThis.fetch = (input, init) => (this.dead.has(name) ? new Promise(() => {}) : this.server.fetch(input, init));
    const caravan = createCaravan({ fetch, store: this.store, locks: this.locks(name), channel: () => this.channel(name), page, ...more });
    return { caravan, page };
  }

  /** The tab is gone without a word: its locks are free, it hears and says nothing any more. */
  crash(name: string): void {
    this.dead.add(name);
    for (const [channel, tab] of [...this.channels]) if (tab === name) this.channels.delete(channel);
    for (const held of [...this.held.values()]) if (held.tab === name) held.release();
  }

  private channel(tab: string): TabChannel {
    const channel: TabChannel = {
      onmessage: null,
      postMessage: (message) => {
        if (!this.channels.has(channel)) return;
        const data = structuredClone(message);
        for (const other of this.channels.keys()) if (other !== channel) setTimeout(() => this.channels.has(other) && other.onmessage?.({ data }), 0);
      },
      close: () => this.channels.delete(channel),
    };
    this.channels.set(channel, tab);
    return channel;
  }

  private locks(tab: string): Locks {
    return {
      request: <T>(name: string, { signal }: { signal?: AbortSignal }, work: () => Promise<T>) =>
        new Promise<T>((resolve, reject) => {
          const grant = () => {
            if (signal?.aborted || this.dead.has(tab)) {
              reject(new DOMException('aborted', 'AbortError'));
              return this.next(name);
            }
            let free = false;
            const release = () => {
              if (free) return;
              free = true;
              this.held.delete(name);
              this.next(name);
            };
            this.held.set(name, { tab, release });
            work().then(resolve, reject).finally(release);
          };
          // Slower than the channel, as it may be in a browser.
          setTimeout(() => {
            this.queues.set(name, [...(this.queues.get(name) ?? []), grant]);
            if (!this.held.has(name)) this.next(name);
          }, 5);
        }),
    };
  }

  private next(name: string): void {
    const [grant, ...rest] = this.queues.get(name) ?? [];
    this.queues.set(name, rest);
    grant?.();
  }
}
