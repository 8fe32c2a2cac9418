import { later } from '../ids';
import type { TimeUuid, Uuid } from '../types';
import type { Line } from '../wire';

/** What a request remembers of the moment it was sent. */
export interface Sent {
  /** Rises with every request. */
  readonly no: number;
  /** The run it was sent in; -1 when there was none. */
  readonly run: number;
}

/**
 * The time between two breaks of the news. A run has a base line once `epoch` is set; until then one is being waited for.
 *
 * Invariant: a chat in `caughtUp` was read, or shown by heads, to its end by a request of this run, and all its news since has
 * been taken in sequence.
 */
export class Run {
  number = 0;
  epoch: string | null = null;
  /** The number of the base line. */
  base = 0;
  /** The last number taken in sequence. */
  mine = 0;
  readonly caughtUp = new Set<Uuid>();
  /** Per chat the last message received in sequence in this run. */
  readonly inSequence = new Map<Uuid, TimeUuid>();
  /** Per chat what the heads of this run showed. */
  readonly heads = new Map<Uuid, TimeUuid>();
  /** Per chat the last request before a stub whose text is not held: only later ones count. */
  private readonly breaks = new Map<Uuid, number>();
  /** A renewal's answer that was ahead of `mine`. */
  behind: (Line & { readonly until: number }) | null = null;

  begin(line: Line): void {
    this.number += 1;
    this.epoch = line.epoch;
    this.base = this.mine = line.seq;
    this.clear();
  }

  /** The news is broken; what is caught up no longer is, once a new base line has come. */
  end(): void {
    this.number += 1;
    this.epoch = null;
    this.behind = null;
    this.clear();
  }

  /** Was it sent in this run, and since the chat's own break? */
  counts(sent: Sent, chatId: Uuid): boolean {
    return this.epoch !== null && sent.run === this.number && this.sinceBreak(sent, chatId);
  }

  sinceBreak(sent: Sent, chatId: Uuid): boolean {
    return sent.no > (this.breaks.get(chatId) ?? 0);
  }

  /** For this chat the run begins anew: `lastRequest` and all before it do not count. */
  breakChat(chatId: Uuid, lastRequest: number): void {
    this.forgetChat(chatId);
    this.heads.delete(chatId);
    this.breaks.set(chatId, lastRequest);
  }

  forgetChat(chatId: Uuid): void {
    this.caughtUp.delete(chatId);
    this.inSequence.delete(chatId);
  }

  took(chatId: Uuid, id: TimeUuid): void {
    this.inSequence.set(chatId, later(id, this.inSequence.get(chatId) ?? null));
  }

  private clear(): void {
    this.caughtUp.clear();
    this.inSequence.clear();
    this.heads.clear();
    this.breaks.clear();
    this.behind = null;
  }
}
