import type { OutboxEntry } from '../machine/outbox';
import type { Chat, Uuid } from '../types';
import { CHAT_LIMIT, type Batch, type SavedChat, type SavedSession, type Store } from './store';

/** For private windows, and wherever the browser's store fails: lasts as long as the page. */
export class MemoryStore implements Store {
  readonly shared: boolean = false;
  private deviceName: Uuid | null = null;
  private saved: SavedSession | null = null;
  private chatList: readonly Chat[] = [];
  private readonly chats = new Map<Uuid, SavedChat>();
  private readonly entries = new Map<Uuid, OutboxEntry>();

  async device(make: () => Uuid): Promise<Uuid> {
    return (this.deviceName ??= make());
  }

  async session(): Promise<SavedSession | null> {
    return this.saved;
  }

  async saveSession(session: SavedSession): Promise<void> {
    this.saved = session;
  }

  async list(): Promise<readonly Chat[]> {
    return this.chatList;
  }

  async chat(chatId: Uuid): Promise<SavedChat | null> {
    return this.chats.get(chatId) ?? null;
  }

  async outbox(): Promise<readonly OutboxEntry[]> {
    return [...this.entries.values()];
  }

  async write(user: Uuid, batch: Batch): Promise<void> {
    if (this.saved?.user.id !== user) return;
    if (batch.list) this.chatList = batch.list;
    for (const id of batch.chatsGone ?? []) this.chats.delete(id);
    for (const chat of batch.chats ?? []) {
      this.chats.delete(chat.chatId);
      this.chats.set(chat.chatId, chat);
    }
    for (const id of [...this.chats.keys()].slice(0, Math.max(0, this.chats.size - CHAT_LIMIT))) this.chats.delete(id);
    for (const entry of batch.outboxPut ?? []) this.entries.set(entry.key, entry);
    for (const key of batch.outboxGone ?? []) this.entries.delete(key);
  }

  async wipe(): Promise<void> {
    this.saved = null;
    this.chatList = [];
    this.chats.clear();
    this.entries.clear();
  }

  close(): void {}
}
