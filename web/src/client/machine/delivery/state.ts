import { BEFORE_EVERYTHING } from '../../ids';
import type { Message, TimeUuid, Uuid } from '../../types';
import type { ChannelKind } from '../../wire';
import type { Action } from '../action';
import { Attention } from '../attention';
import { ChatHistory } from '../history';
import { Outbox } from '../outbox';
import { Run, type Sent } from '../run';
import { StreamLink } from '../streamLink';

/** What a request is for; its answer is understood by it. */
export type Asked =
  | { readonly kind: 'heads' }
  | { readonly kind: 'attention'; readonly channel: ChannelKind }
  | { readonly kind: 'after' | 'latest' | 'before'; readonly chatId: Uuid }
  | { readonly kind: 'post'; readonly key: Uuid };
export type Pending = Sent & Asked;

/** A chat as this browser kept it: everything from `oldest` to `cursor` is among `messages`. */
export interface KeptChat {
  readonly cursor: TimeUuid;
  readonly oldest: TimeUuid;
  readonly messages: readonly Message[];
}

/** What the rules share: the parts, the requests under way, the actions collected for the shell. */
export abstract class DeliveryState {
  readonly run = new Run();
  readonly chats = new Map<Uuid, ChatHistory>();
  readonly outbox = new Outbox();
  readonly attention = new Attention();
  readonly link = new StreamLink();
  protected requests = 0;
  protected readonly pending = new Map<number, Pending>();
  private out: Action[] = [];

  constructor(
    protected readonly me: Uuid,
    protected channel: ChannelKind = 'stream',
  ) {}

  protected chat(chatId: Uuid): ChatHistory {
    let chat = this.chats.get(chatId);
    if (!chat) {
      chat = new ChatHistory();
      chat.saw(this.run.heads.get(chatId) ?? BEFORE_EVERYTHING);
      this.chats.set(chatId, chat);
    }
    return chat;
  }

  protected request(what: Asked): number {
    const no = ++this.requests;
    this.pending.set(no, { ...what, no, run: this.run.epoch === null ? -1 : this.run.number });
    return no;
  }

  protected take(request: number): Pending | undefined {
    const p = this.pending.get(request);
    this.pending.delete(request);
    return p;
  }

  protected noteChats(): void {
    for (const [chatId, chat] of this.chats) if (chat.cursor !== null) this.noteChat(chatId);
  }

  protected noteChat(chatId: Uuid): void {
    this.emit({ do: 'noteChat', chatId });
  }

  protected emit(action: Action): void {
    this.out.push(action);
  }

  protected takeActions(): Action[] {
    const actions = this.out;
    this.out = [];
    return actions;
  }
}
