import { isLater } from '../ids';
import type { TimeUuid, Uuid } from '../types';
import { Backoff } from './backoff';
import { NEVER, type Moment } from './moment';

/** Milliseconds between two marks of one chat: reading along is one call a second, not one a message. */
const SPACING = 1_000;

interface Pending {
  id: TimeUuid;
  underWay: TimeUuid | null;
  notBefore: number;
}

/** Read marks on their way to the server: the latest a chat, never backwards. */
export class ReadMarks {
  private readonly chats = new Map<Uuid, Pending>();
  private readonly backoff = new Backoff();

  mark(chatId: Uuid, id: TimeUuid): void {
    const p = this.chats.get(chatId);
    if (!p) this.chats.set(chatId, { id, underWay: null, notBefore: 0 });
    else if (isLater(id, p.id)) p.id = id;
  }

  /** The marks to send now; they count as under way. */
  due(m: Moment): { readonly chatId: Uuid; readonly id: TimeUuid }[] {
    if (!this.backoff.ready(m.now)) return [];
    const found: { chatId: Uuid; id: TimeUuid }[] = [];
    for (const [chatId, p] of this.chats) {
      if (p.underWay !== null || m.now < p.notBefore) continue;
      p.underWay = p.id;
      p.notBefore = m.now + SPACING;
      found.push({ chatId, id: p.id });
    }
    return found;
  }

  answered(chatId: Uuid): void {
    this.backoff.succeeded();
    const p = this.chats.get(chatId);
    if (!p) return;
    if (p.underWay === p.id) this.chats.delete(chatId);
    p.underWay = null;
  }

  /** `again`: the same mark may succeed later; otherwise it is given up. */
  failed(chatId: Uuid, again: boolean, m: Moment, retryAfter?: number): void {
    const p = this.chats.get(chatId);
    if (!p) return;
    if (again) this.backoff.failed(m, retryAfter);
    else if (p.underWay === p.id) this.chats.delete(chatId);
    p.underWay = null;
  }

  wakeAt(): number {
    let at = NEVER;
    for (const p of this.chats.values()) if (p.underWay === null) at = Math.min(at, Math.max(p.notBefore, this.backoff.notBefore));
    return at;
  }
}
