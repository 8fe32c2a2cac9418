import { BEFORE_EVERYTHING, compareTimeUuid, isLater, later } from '../ids';
import type { Message, Problem, TimeUuid, Uuid } from '../types';
import { Backoff } from './backoff';

/** Where a message came from. The history's word on an id (`page`, `news`) outweighs that of an answer to a send. */
export type Source = 'page' | 'news' | 'answer';

/** Messages kept of a chat that nobody has opened: enough for what arrives while its first page is on the way. */
const UNOPENED_LIMIT = 50;

/**
 * What the client holds of one chat.
 *
 * Invariant: once `cursor` is set, every message of the history from `oldest` to `cursor` is in `held`. Messages above the cursor
 * may be held too (shown at once); they claim nothing.
 */
export class ChatHistory {
  readonly held = new Map<TimeUuid, Message>();
  /** Own messages by idempotency key. */
  private readonly byKey = new Map<Uuid, TimeUuid>();
  cursor: TimeUuid | null = null;
  /** The oldest page-read message; `BEFORE_EVERYTHING` when nothing lies beyond it. */
  oldest: TimeUuid | null = null;
  /** The latest message that anything told of, held or not. */
  seen: TimeUuid = BEFORE_EVERYTHING;

  wantsLatest = false;
  wantsOlder = false;
  /** The numbers of requests under way. */
  latest: number | null = null;
  older: number | null = null;
  read: number | null = null;
  readonly backoff = new Backoff();
  problem: Problem | null = null;

  get hasOlder(): boolean {
    return this.cursor !== null && this.oldest !== BEFORE_EVERYTHING;
  }

  /** Returns whether the view changes, and the id that gave way if the history knows the own message under another one. */
  merge(message: Message, source: Source): { changed: boolean; replaced: TimeUuid | null } {
    this.saw(message.id);
    const known = message.key === null ? undefined : this.byKey.get(message.key);
    if (known !== undefined && known !== message.id) {
      if (source === 'answer') return { changed: false, replaced: null };
      this.held.delete(known);
    }
    if (message.key !== null) this.byKey.set(message.key, message.id);
    const before = this.held.get(message.id);
    const changed = before === undefined || (source === 'page' && before.text !== message.text);
    if (changed) this.held.set(message.id, message);
    return { changed, replaced: known !== undefined && known !== message.id ? known : null };
  }

  saw(id: TimeUuid): void {
    this.seen = later(id, this.seen);
  }

  advance(id: TimeUuid): void {
    if (this.cursor === null || isLater(id, this.cursor)) this.cursor = id;
  }

  /** Removes what was merged below the oldest page-read message; returns what went. */
  dropBelow(oldest: TimeUuid): TimeUuid[] {
    const gone = [...this.held.keys()].filter((id) => compareTimeUuid(id, oldest) < 0);
    for (const id of gone) this.remove(id);
    return gone;
  }

  /** Bounds what is kept of a chat that nobody opened; returns whether something went. */
  shedUnopened(): boolean {
    if (this.cursor !== null || this.held.size <= UNOPENED_LIMIT) return false;
    const ids = [...this.held.keys()].sort(compareTimeUuid);
    for (const id of ids.slice(0, ids.length - UNOPENED_LIMIT / 2)) this.remove(id);
    return true;
  }

  /** Oldest first. */
  sorted(): Message[] {
    return [...this.held.values()].sort((a, b) => compareTimeUuid(a.id, b.id));
  }

  private remove(id: TimeUuid): void {
    const key = this.held.get(id)?.key;
    if (key) this.byKey.delete(key);
    this.held.delete(id);
  }
}
