import type { OutboxEntry } from '../machine/outbox';
import type { Chat, Uuid } from '../types';
import { completed, openDatabase, requested } from './indexedDb';
import { CHAT_LIMIT, type Batch, type SavedChat, type SavedSession, type Store } from './store';

const VERSION = 1;
/** Single values by name, chats by their id, outbox entries by their key. */
const VALUES = 'values';
const CHATS = 'chats';
const OUTBOX = 'outbox';
const BY_USE = 'usedAt';

/** The browser's store, seen by all tabs of the origin. */
export class IndexedDbStore implements Store {
  readonly shared = true;

  private constructor(private readonly db: IDBDatabase) {}

  static async open(name: string): Promise<IndexedDbStore> {
    const db = await openDatabase(name, VERSION, (fresh) => {
      fresh.createObjectStore(VALUES);
      fresh.createObjectStore(CHATS, { keyPath: 'chatId' }).createIndex(BY_USE, BY_USE);
      fresh.createObjectStore(OUTBOX, { keyPath: 'key' });
    });
    return new IndexedDbStore(db);
  }

  /** Two tabs that start together agree: the look and the write are one transaction. */
  async device(make: () => Uuid): Promise<Uuid> {
    const t = this.db.transaction(VALUES, 'readwrite');
    const values = t.objectStore(VALUES);
    const done = completed(t);
    const known: unknown = await requested(values.get('device'));
    const device = typeof known === 'string' ? known : make();
    if (device !== known) values.put(device, 'device');
    await done;
    return device;
  }

  async session(): Promise<SavedSession | null> {
    return ((await this.value('session')) as SavedSession | undefined) ?? null;
  }

  /** On disk before it is used: a refresh token is worth more than speed. */
  async saveSession(session: SavedSession): Promise<void> {
    const t = this.db.transaction(VALUES, 'readwrite', { durability: 'strict' });
    t.objectStore(VALUES).put(session, 'session');
    await completed(t);
  }

  async list(): Promise<readonly Chat[]> {
    return ((await this.value('list')) as readonly Chat[] | undefined) ?? [];
  }

  async chat(chatId: Uuid): Promise<SavedChat | null> {
    return ((await requested(this.db.transaction(CHATS).objectStore(CHATS).get(chatId))) as SavedChat | undefined) ?? null;
  }

  async outbox(): Promise<readonly OutboxEntry[]> {
    const all = (await requested(this.db.transaction(OUTBOX).objectStore(OUTBOX).getAll())) as OutboxEntry[];
    return all.sort((a, b) => a.at - b.at);
  }

  async write(user: Uuid, batch: Batch): Promise<void> {
    const t = this.db.transaction([VALUES, CHATS, OUTBOX], 'readwrite');
    const done = completed(t);
    const values = t.objectStore(VALUES);
    const session = (await requested(values.get('session'))) as SavedSession | undefined;
    if (session?.user.id === user) {
      const chats = t.objectStore(CHATS);
      const outbox = t.objectStore(OUTBOX);
      if (batch.list) values.put(batch.list, 'list');
      for (const id of batch.chatsGone ?? []) chats.delete(id);
      for (const chat of batch.chats ?? []) chats.put(chat);
      for (const entry of batch.outboxPut ?? []) outbox.put(entry);
      for (const key of batch.outboxGone ?? []) outbox.delete(key);
      if (batch.chats) await this.shed(chats);
    }
    await done;
  }

  async wipe(): Promise<void> {
    const t = this.db.transaction([VALUES, CHATS, OUTBOX], 'readwrite');
    t.objectStore(VALUES).delete('session');
    t.objectStore(VALUES).delete('list');
    t.objectStore(CHATS).clear();
    t.objectStore(OUTBOX).clear();
    await completed(t);
  }

  close(): void {
    this.db.close();
  }

  private value(name: string): Promise<unknown> {
    return requested(this.db.transaction(VALUES).objectStore(VALUES).get(name));
  }

  /** The chats used least recently go, down to the limit. */
  private async shed(chats: IDBObjectStore): Promise<void> {
    const surplus = (await requested(chats.count())) - CHAT_LIMIT;
    if (surplus <= 0) return;
    const oldest = await requested(chats.index(BY_USE).getAllKeys(null, surplus));
    for (const key of oldest) chats.delete(key);
  }
}

/** null where there is none, or it does not work: the caller takes memory instead. */
export async function openIndexedDbStore(name: string): Promise<Store | null> {
  if (typeof indexedDB === 'undefined') return null;
  try {
    return await IndexedDbStore.open(name);
  } catch {
    return null;
  }
}
