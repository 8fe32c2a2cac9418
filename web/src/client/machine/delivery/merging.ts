import { compareTimeUuid, isLater } from '../../ids';
import type { Message, Uuid } from '../../types';
import type { NewsMessage } from '../../wire';
import type { ChatHistory, Source } from '../history';
import { DeliveryState } from './state';

/** Rule 6: what arrives, from wherever, is shown at once; none of it moves a cursor. */
export abstract class Merging extends DeliveryState {
  /** Rule 6: by id, own messages by their key first. */
  protected merge(message: Message, source: Source): boolean {
    const chat = this.chat(message.chat_id);
    if (this.isOwn(message)) this.settle(message.key);
    if (source !== 'page' && this.liesBelow(message, chat)) return false;
    const { changed, replaced } = chat.merge(message, source);
    if (replaced !== null) this.emit({ do: 'hide', chatId: message.chat_id, ids: [replaced] });
    if (changed) this.emit({ do: 'show', message });
    return changed;
  }

  /** A stale mailbox may bring what lies below the oldest page-read message: shown there, it would hide a gap. Paging back reads it. */
  protected liesBelow(message: Message, chat: ChatHistory): boolean {
    return chat.cursor !== null && chat.oldest !== null && compareTimeUuid(message.id, chat.oldest) < 0;
  }

  protected isOwn(message: NewsMessage): message is NewsMessage & { key: Uuid } {
    return message.sender_id === this.me && message.key !== null;
  }

  /** A message in news, in sequence or not. Returns whether it had not been heard of. */
  protected heard(message: NewsMessage): boolean {
    const chat = this.chat(message.chat_id);
    const { fetch: stub, text, ...rest } = message;
    const own = this.isOwn(message) ? this.outbox.entries.get(message.key) : undefined;
    if (!stub) return this.merge({ ...rest, text: text ?? '' }, 'news');
    // The text of one's own message on its way is held here.
    if (own) return this.merge({ ...rest, text: own.text }, 'news');
    const news = isLater(message.id, chat.seen);
    chat.saw(message.id);
    if (!chat.held.has(message.id)) this.emit({ do: 'hint', chatId: message.chat_id, id: message.id });
    return news && !chat.held.has(message.id);
  }

  protected settle(key: Uuid): void {
    if (this.outbox.settle(key)) this.emit({ do: 'noteOutbox', key, entry: null });
  }
}
