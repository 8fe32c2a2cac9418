import type { Uuid } from '../types';
import { Backoff } from './backoff';
import type { ChatList } from './chatList';
import { NEVER, type Moment } from './moment';

const PARALLEL = 3;

/** Paces what the chat list wants to know: one page at a time, a few single chats, pauses after failures. */
export class ListRequests {
  private first = false;
  private readonly infos = new Set<Uuid>();
  private readonly backoff = new Backoff();

  due(list: ChatList, m: Moment): { readonly first: boolean; readonly infos: readonly Uuid[] } {
    if (!this.backoff.ready(m.now)) return { first: false, infos: [] };
    const first = list.wantsFirst && !this.first;
    if (first) this.first = true;
    // What the page will answer need not be asked for one by one.
    if (this.first) return { first, infos: [] };
    const infos = [...list.outdated].filter((id) => !this.infos.has(id)).slice(0, PARALLEL - this.infos.size);
    for (const id of infos) this.infos.add(id);
    return { first, infos };
  }

  firstEnded(): void {
    this.first = false;
  }

  infoEnded(chatId: Uuid): void {
    this.infos.delete(chatId);
  }

  succeeded(): void {
    this.backoff.succeeded();
  }

  failed(m: Moment, retryAfter?: number): void {
    this.backoff.failed(m, retryAfter);
  }

  wakeAt(list: ChatList): number {
    return list.wantsFirst || list.outdated.size > 0 ? this.backoff.notBefore : NEVER;
  }
}
