import { CaravanError, type Chat, type Conversation, type ConversationView, type Member, type ShownMessage } from '../../src/client/types';
import { live, type Settable } from './live';
import { people } from './people';
import type { FakeWorld } from './world';

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class FakeConversation implements Conversation {
  readonly view: Settable<ConversationView>;
  private started = false;

  constructor(readonly chatId: string, private readonly world: FakeWorld) {
    this.view = live<ConversationView>({ chat: null, messages: [], hasOlder: true, loadingOlder: false, status: 'loading', dividerAfter: null });
    if (world.cached.has(chatId)) this.show('cached');
  }

  private get all(): ShownMessage[] {
    return this.world.histories.get(this.chatId) ?? [];
  }

  private change(part: Partial<ConversationView>): void {
    this.view.set({ ...this.view.get(), ...part });
  }

  private show(status: 'cached' | 'live'): void {
    const chat = this.world.chat(this.chatId);
    this.change({ chat, status, messages: this.all.slice(-10), hasOlder: this.all.length > 10, dividerAfter: chat?.read_up_to ?? null });
  }

  open(): () => void {
    if (!this.started) {
      this.started = true;
      void this.catchUp();
    }
    return () => {};
  }

  private async catchUp(): Promise<void> {
    await wait(this.world.delay);
    if (!this.world.chat(this.chatId)) {
      this.change({ status: 'error', problem: { code: 'chat_not_found', status: 404, detail: 'No such chat.' } });
      return;
    }
    this.show('live');
  }

  send(text: string): void {
    const key = crypto.randomUUID();
    const me = this.world.me.get()!.id;
    this.add({ localId: key, id: null, key, senderId: me, mine: true, kind: 'text', text, sentAt: Date.now(), state: 'sending' });
    if (!this.world.stuck) void this.deliver(key);
  }

  private async deliver(key: string): Promise<void> {
    await wait(this.world.delay);
    if (this.world.nextFailure) {
      const problem = this.world.nextFailure;
      this.world.nextFailure = null;
      this.patch(key, { state: 'failed', problem });
      return;
    }
    this.patch(key, { state: 'sent', id: this.world.newId() });
    await wait(this.world.delay * 4);
    if (this.world.delay < 1000) this.patch(key, { state: 'read' });
  }

  add(message: ShownMessage): void {
    this.world.histories.set(this.chatId, [...this.all, message]);
    this.change({ messages: [...this.view.get().messages, message] });
    this.world.touched(this.chatId, message);
  }

  private patch(localId: string, part: Partial<ShownMessage>): void {
    const patched = (messages: readonly ShownMessage[]) =>
      messages.map((message) => (message.localId === localId ? { ...message, problem: undefined as never, ...part } : message));
    this.world.histories.set(this.chatId, patched(this.all));
    this.change({ messages: patched(this.view.get().messages) });
  }

  retry(localId: string): void {
    this.patch(localId, { state: 'sending' });
    void this.deliver(localId);
  }

  discard(localId: string): void {
    this.world.histories.set(this.chatId, this.all.filter((message) => message.localId !== localId));
    this.change({ messages: this.view.get().messages.filter((message) => message.localId !== localId) });
  }

  async loadOlder(): Promise<void> {
    const { messages, hasOlder, loadingOlder } = this.view.get();
    if (!hasOlder || loadingOlder) return;
    this.change({ loadingOlder: true });
    await wait(this.world.delay);
    if (this.world.connection.get() === 'offline') {
      this.change({ loadingOlder: false });
      throw new CaravanError({ code: 'network', status: 0, detail: 'No answer.' });
    }
    const from = this.all.findIndex((message) => message.localId === messages[0]?.localId);
    const start = Math.max(0, from - 10);
    this.change({ messages: [...this.all.slice(start, from), ...this.view.get().messages], hasOlder: start > 0, loadingOlder: false });
  }

  markRead(): void {
    this.world.read(this.chatId);
  }

  async members(after?: string): Promise<{ members: Member[]; next: string | null }> {
    await wait(this.world.delay);
    const ids = this.world.membersOf(this.chatId);
    const start = after ? Number(after) : 0;
    const page = ids.slice(start, start + 20).map((id) => member(id, this.world));
    return { members: page, next: start + 20 < ids.length ? String(start + 20) : null };
  }
}

export function member(id: string, world: FakeWorld): Member {
  const user = people.find((other) => other.id === id) ?? world.me.get()!;
  return { user_id: id, username: user.username, display_name: user.display_name, read_up_to: null };
}

export type { Chat };
