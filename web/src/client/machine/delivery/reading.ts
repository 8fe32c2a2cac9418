import { BEFORE_EVERYTHING, isLater } from '../../ids';
import type { Message, TimeUuid, Uuid } from '../../types';
import type { Head, MessagePage } from '../../wire';
import type { Failure } from '../action';
import { Backoff } from '../backoff';
import type { ChatHistory } from '../history';
import type { Moment } from '../moment';
import type { Sent } from '../run';
import { Merging } from './merging';
import type { Pending } from './state';

/** Chats that are caught up at the same time. */
const PARALLEL_READS = 3;

/** Rules 3 and 4: heads and pages, and how a chat's cursor follows what was read. */
export abstract class Reading extends Merging {
  protected wantsHeads = false;
  protected headsRequest: number | null = null;
  protected readonly headsBackoff = new Backoff();
  /** Chats to read from their cursor to the end, first come first. */
  protected reads: Uuid[] = [];

  // ---- what is wanted

  protected wantRead(chatId: Uuid): void {
    if (!this.reads.includes(chatId)) this.reads.push(chatId);
  }

  protected caughtUp(chatId: Uuid): void {
    if (!this.run.caughtUp.has(chatId)) this.noteChat(chatId);
    this.run.caughtUp.add(chatId);
  }

  /** Rule 2: was it sent in this run, after its base line and after the chat's own break? */
  protected counts(sent: Sent, chatId: Uuid): boolean {
    return this.run.counts(sent, chatId);
  }

  /** Rule 3: a 201 never moves the cursor. */
  protected answerAdvances(_chat: ChatHistory, _message: Message): void {}

  /** Rule 4: a 201 of a chat not caught up triggers its read; what it waits for may be withheld from this device (Servers 12). */
  protected answerTriggers(chat: ChatHistory, message: Message): void {
    const known = this.run.epoch === null || this.run.caughtUp.has(message.chat_id);
    if (!known && chat.cursor !== null && isLater(message.id, chat.cursor)) this.wantRead(message.chat_id);
  }

  // ---- what was answered

  protected headsKnown(p: Sent, heads: readonly Head[]): void {
    this.headsRequest = null;
    this.headsBackoff.succeeded();
    this.wantsHeads = false;
    for (const head of heads) {
      const last = head.last_message_id ?? BEFORE_EVERYTHING;
      const chat = this.chats.get(head.chat_id);
      chat?.saw(last);
      if (this.run.sinceBreak(p, head.chat_id)) this.run.heads.set(head.chat_id, last);
      if (!chat || chat.cursor === null) continue;
      if (isLater(last, chat.cursor)) this.wantRead(head.chat_id);
      else if (this.counts(p, head.chat_id)) this.caughtUp(head.chat_id);
    }
  }

  protected pageKnown(p: Pending & { readonly chatId: Uuid }, chat: ChatHistory, page: MessagePage): void {
    chat.backoff.succeeded();
    chat.problem = null;
    if (p.kind === 'after') this.afterAnswered(chat, p, page);
    else if (p.kind === 'latest') this.latestAnswered(chat, p, page);
    else this.beforeAnswered(chat, page);
    this.noteChat(p.chatId);
  }

  protected afterAnswered(chat: ChatHistory, p: Sent & { readonly chatId: Uuid }, page: MessagePage): void {
    chat.read = null;
    for (const message of page.messages) {
      this.merge(message, 'page');
      chat.advance(message.id);
    }
    if (this.readsOn(page)) return;
    if (this.counts(p, p.chatId)) this.readEnded(p.chatId, chat);
    else if (this.run.epoch !== null) return; // sent before the base line: once more
    this.reads = this.reads.filter((id) => id !== p.chatId);
  }

  /** Rule 4: to its end. */
  protected readsOn(page: MessagePage): boolean {
    return page.next !== null && page.messages.length > 0;
  }

  /** The news received in sequence since the base line follows on what was read. */
  protected readEnded(chatId: Uuid, chat: ChatHistory): void {
    const last = this.run.inSequence.get(chatId);
    if (last !== undefined) chat.advance(last);
    this.caughtUp(chatId);
  }

  protected latestAnswered(chat: ChatHistory, p: Sent & { readonly chatId: Uuid }, page: MessagePage): void {
    chat.latest = null;
    chat.wantsLatest = false;
    if (chat.cursor !== null) return;
    chat.oldest = page.next === null ? BEFORE_EVERYTHING : (page.messages.at(-1)?.id ?? BEFORE_EVERYTHING);
    chat.cursor = page.messages[0]?.id ?? BEFORE_EVERYTHING;
    this.dropBelow(p.chatId, chat);
    for (const message of page.messages) this.merge(message, 'page');
    const counts = this.counts(p, p.chatId);
    const inSequence = this.run.inSequence.get(p.chatId);
    if (counts && inSequence !== undefined) chat.advance(inSequence);
    const head = this.run.heads.get(p.chatId);
    if (this.toldOfLater(chat)) this.wantRead(p.chatId);
    else if (counts || (head !== undefined && !isLater(head, chat.cursor))) this.caughtUp(p.chatId);
  }

  /** Rule 3: heads or news have shown a later message while the page was on its way. */
  protected toldOfLater(chat: ChatHistory): boolean {
    return isLater(chat.seen, chat.cursor);
  }

  /** Rule 3: what was merged below the oldest page-read message leaves a gap there, so it goes. */
  protected dropBelow(chatId: Uuid, chat: ChatHistory): void {
    const gone = chat.dropBelow(chat.oldest ?? BEFORE_EVERYTHING);
    if (gone.length > 0) this.emit({ do: 'hide', chatId, ids: gone });
  }

  protected beforeAnswered(chat: ChatHistory, page: MessagePage): void {
    chat.older = null;
    chat.wantsOlder = false;
    for (const message of page.messages) this.merge(message, 'page');
    chat.oldest = page.next === null ? BEFORE_EVERYTHING : (page.messages.at(-1)?.id ?? BEFORE_EVERYTHING);
  }

  protected pageFailed(chatId: Uuid, kind: 'after' | 'latest' | 'before', failure: Failure, m: Moment): void {
    const chat = this.chats.get(chatId);
    if (!chat) return;
    if (kind === 'after') chat.read = null;
    else if (kind === 'latest') chat.latest = null;
    else chat.older = null;
    chat.problem = failure.problem;
    if (failure.again && kind !== 'before') chat.backoff.failed(m, failure.problem.retryAfter);
    else {
      // Older pages are asked for by a person, who may ask again.
      if (kind === 'before') chat.wantsOlder = false;
      else if (kind === 'latest') chat.wantsLatest = false;
      else this.reads = this.reads.filter((id) => id !== chatId);
      if (failure.problem.code === 'chat_not_found') this.emit({ do: 'noteGone', chatId });
    }
    this.noteChat(chatId);
  }

  // ---- what is asked for

  protected askForHeads(m: Moment): void {
    if (!this.wantsHeads || !this.mayCatchUp() || this.headsRequest !== null || !this.headsBackoff.ready(m.now)) return;
    this.headsRequest = this.request({ kind: 'heads' });
    this.emit({ do: 'getHeads', request: this.headsRequest });
  }

  /** Rule 1: the channel and the lease first. */
  protected mayCatchUp(): boolean {
    return this.run.epoch !== null;
  }

  protected readAround(chatId: Uuid, chat: ChatHistory, m: Moment): void {
    if (chat.wantsLatest && chat.latest === null && chat.backoff.ready(m.now)) {
      chat.latest = this.request({ kind: 'latest', chatId });
      this.emit({ do: 'getLatest', request: chat.latest, chatId });
    }
    if (chat.wantsOlder && chat.older === null && chat.hasOlder) {
      chat.older = this.request({ kind: 'before', chatId });
      this.emit({ do: 'getBefore', request: chat.older, chatId, before: this.pageFrom(chat) });
    }
  }

  /** Rule 3: older pages begin at the oldest page-read message, not at the oldest shown. */
  protected pageFrom(chat: ChatHistory): TimeUuid {
    return chat.oldest ?? BEFORE_EVERYTHING;
  }

  protected readOn(m: Moment): void {
    let free = PARALLEL_READS - this.reads.filter((id) => this.chats.get(id)?.read != null).length;
    const viewed = this.attention.viewing.filter((id) => this.reads.includes(id));
    for (const chatId of new Set([...viewed, ...this.reads])) {
      const chat = this.chats.get(chatId);
      if (free <= 0 || !chat || chat.cursor === null || chat.read !== null || !chat.backoff.ready(m.now)) continue;
      chat.read = this.request({ kind: 'after', chatId });
      this.emit({ do: 'getAfter', request: chat.read, chatId, after: chat.cursor });
      free -= 1;
    }
  }
}
