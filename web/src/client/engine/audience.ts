import type { Uuid } from '../types';
import type { Presence } from '../tabs/protocol';

/** The server takes eight viewed chats a device. */
const VIEWED_LIMIT = 8;

/** The tabs of this browser: together they are one device. */
export class Audience {
  readonly tabs = new Map<string, Presence>();

  constructor(private readonly own: string) {}

  get visible(): boolean {
    return [...this.tabs.values()].some((t) => t.visible);
  }

  /** A hidden tab views nothing. */
  get viewing(): readonly Uuid[] {
    const seen = new Set<Uuid>();
    for (const tab of this.tabs.values()) if (tab.visible) for (const id of tab.viewing) seen.add(id);
    return [...seen].slice(0, VIEWED_LIMIT);
  }

  get watched(): ReadonlySet<Uuid> {
    return new Set([...this.tabs.values()].flatMap((t) => t.watched));
  }

  /** Which tab tells its user of a message: one that shows the chat, else a visible one, else the leader's own. */
  toldBy(chatId: Uuid): string {
    const visible = [...this.tabs].filter(([, t]) => t.visible);
    const viewer = visible.find(([, t]) => t.viewing.includes(chatId));
    return (viewer ?? visible[0])?.[0] ?? this.own;
  }
}
