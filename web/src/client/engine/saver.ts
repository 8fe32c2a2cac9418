import { keep } from '../machine/keep';
import type { ChatList } from '../machine/chatList';
import type { DeliveryMachine } from '../machine/delivery';
import type { OutboxEntry } from '../machine/outbox';
import { CHAT_LIMIT, MESSAGE_LIMIT, type SavedChat, type Store } from '../store/store';
import { byActivity } from '../front/order';
import type { Uuid } from '../types';

/** Milliseconds for which changes are gathered: a busy chat is written twice a second, not with every message. */
const DELAY = 500;

/** Keeps in the store what the engine knows. A chat is one value, cursor and messages together; a turn's changes are one batch. */
export class Saver {
  private readonly chats = new Set<Uuid>();
  private readonly gone = new Set<Uuid>();
  private readonly outbox = new Map<Uuid, OutboxEntry | null>();
  private list = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly user: Uuid,
    private readonly store: Store,
    private readonly machine: DeliveryMachine,
    private readonly chatList: ChatList,
    private readonly now: () => number,
  ) {}

  chatChanged(chatId: Uuid): void {
    this.chats.add(chatId);
    this.soon();
  }

  chatGone(chatId: Uuid): void {
    this.chats.delete(chatId);
    this.gone.add(chatId);
    this.soon();
  }

  listChanged(): void {
    this.list = true;
    this.soon();
  }

  /** New entries are written by the tab that sends them. */
  outboxChanged(key: Uuid, entry: OutboxEntry | null): void {
    this.outbox.set(key, entry);
    this.soon();
  }

  /** Writes at once what has changed; fulfilled when it is written, or could not be. */
  flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const saved = [...this.chats].map((id) => this.saved(id));
    const batch = {
      ...(this.list ? { list: [...this.chatList.chats.values()].sort(byActivity).slice(0, CHAT_LIMIT) } : {}),
      chats: saved.filter((c) => c !== null && typeof c === 'object'),
      chatsGone: [...this.gone, ...saved.filter((c) => typeof c === 'string')],
      outboxPut: [...this.outbox.values()].filter((e) => e !== null),
      outboxGone: [...this.outbox].filter(([, e]) => e === null).map(([key]) => key),
    };
    this.chats.clear();
    this.gone.clear();
    this.outbox.clear();
    this.list = false;
    // One after another, so that an older batch never lands on a newer one; what fails is read from the server at the next visit.
    this.writing = this.writing.then(() => this.store.write(this.user, batch)).catch(() => {});
    return this.writing;
  }

  /** What is not written yet is dropped. */
  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** The chat's id when nothing of it can be kept. Chats that nobody opened are left as they are in the store. */
  private saved(chatId: Uuid): SavedChat | Uuid | null {
    const chat = this.machine.chats.get(chatId);
    if (!chat || chat.cursor === null) return null;
    const kept = keep(chat, MESSAGE_LIMIT);
    return kept ? { ...kept, chatId, usedAt: this.now() } : chatId;
  }

  private soon(): void {
    this.timer ??= setTimeout(() => void this.flush(), DELAY);
  }
}
