import type { Chat, ChatListView } from '../types';
import { LiveValue } from './live';
import { byActivity } from './order';
import type { Replica } from './replica';

/** The chat list as the views see it: sorted, and the same object as long as nothing changed. */
export class ChatListFront {
  readonly view = new LiveValue<ChatListView>({ chats: [], hasMore: false, status: 'loading', totalUnread: 0 });

  constructor(private readonly replica: Replica) {}

  refresh(): void {
    const before = this.view.get();
    const { listState, list } = this.replica;
    const sorted = [...list.values()].sort(byActivity);
    const same = sorted.length === before.chats.length && sorted.every((chat, i) => chat === before.chats[i]);
    const chats: readonly Chat[] = same ? before.chats : sorted;
    if (same && listState.hasMore === before.hasMore && listState.status === before.status && listState.totalUnread === before.totalUnread) return;
    this.view.set({ chats, ...listState });
  }
}
