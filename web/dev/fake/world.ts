// The state behind the fake: people, chats and what was said in them.
import type { Chat, ChatListView, ConnectionState, Problem, ShownMessage, User } from '../../src/client/types';
import { live } from './live';
import { groupLines, lines, people } from './people';

const minute = 60_000;

export class FakeWorld {
  readonly me = live<User | null>(null);
  readonly connection = live<ConnectionState>('live');
  readonly chats = live<ChatListView>({ chats: [], hasMore: false, status: 'live', totalUnread: 0 });
  readonly histories = new Map<string, ShownMessage[]>();
  readonly cached = new Set<string>();
  private readonly memberIds = new Map<string, string[]>();
  private counter = 0;
  /** Milliseconds of every answer. */
  delay = 120;
  nextFailure: Problem | null = null;
  /** Sends stay on their way. */
  stuck = false;

  newId(): string {
    this.counter += 1;
    return `${this.counter.toString(16).padStart(8, '0')}-0000-1000-8000-000000000000`;
  }

  chat(id: string): Chat | null {
    return this.chats.get().chats.find((chat) => chat.id === id) ?? null;
  }

  membersOf(id: string): string[] {
    return this.memberIds.get(id) ?? [];
  }

  addChat(kind: 'direct' | 'group', others: User[], title: string | null, messages: ShownMessage[], unread = 0): Chat {
    const number = this.memberIds.size + 1;
    const id = `10000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
    const me = this.me.get()!;
    const all = [me, ...others];
    this.memberIds.set(id, all.map((user) => user.id));
    this.histories.set(id, messages);
    const last = messages.at(-1);
    const chat: Chat = {
      id, kind, title, member_count: all.length, created_at: new Date(messages[0]?.sentAt ?? Date.now()).toISOString(), unread, state: 'active',
      members: all.slice(0, 5).map((user) => ({ user_id: user.id, username: user.username, display_name: user.display_name, read_up_to: null })),
      read_up_to: messages.at(-1 - unread)?.id ?? null,
      last_message: last ? wire(id, last) : null,
    };
    this.setChats([...this.chats.get().chats, chat]);
    return chat;
  }

  setChats(chats: Chat[]): void {
    const at = (chat: Chat) => Date.parse(chat.last_message?.sent_at ?? chat.created_at);
    const sorted = chats.sort((a, b) => at(b) - at(a));
    this.chats.set({ ...this.chats.get(), chats: sorted, totalUnread: sorted.reduce((sum, chat) => sum + chat.unread, 0) });
  }

  touched(id: string, message: ShownMessage): void {
    this.setChats(this.chats.get().chats.map((chat) => (chat.id === id
      ? { ...chat, last_message: wire(id, message), unread: message.mine ? 0 : chat.unread + 1 } : chat)));
  }

  read(id: string): void {
    const chat = this.chat(id);
    if (!chat || chat.unread === 0) return;
    const newest = this.histories.get(id)?.findLast((message) => message.id)?.id ?? null;
    this.setChats(this.chats.get().chats.map((other) => (other.id === id ? { ...other, unread: 0, read_up_to: newest } : other)));
  }

  /** `count` messages that end `ago` minutes before now, a few minutes apart, with nights between. */
  history(senders: User[], count: number, ago: number, texts = lines): ShownMessage[] {
    const me = this.me.get()!;
    const result: ShownMessage[] = [];
    let at = Date.now() - ago * minute;
    for (let index = count - 1; index >= 0; index -= 1) {
      const turn = Math.floor(index / (1 + (index % 3)));
      const sender = senders[(turn * 7 + index) % senders.length]!;
      const id = `${(100_000 + index).toString(16).padStart(8, '0')}-${senders.length.toString(16).padStart(4, '0')}-1000-8000-${count.toString().padStart(12, '0')}`;
      const mine = sender.id === me.id;
      result.unshift({
        localId: id, id, key: null, senderId: sender.id, mine, kind: index % 41 === 40 ? 'system' : 'text',
        text: texts[index % texts.length]!, sentAt: at, state: mine ? (index > count - 2 ? 'sent' : 'read') : 'sent',
      });
      at -= index % 14 === 0 ? 700 * minute : (index % 4 === 0 ? 9 : 1) * minute;
    }
    return result;
  }

  populate(me: User): void {
    this.me.set(me);
    const [, anna, bilal, chiara, diego, emeka, freya, goran, hana, ines, jonas] = people as [User, ...User[]] as User[];
    const p = (index: number) => people[index]!;
    this.addChat('direct', [anna!], null, this.history([me, anna!], 500, 4));
    this.addChat('group', people.slice(1, 25), 'Saturday hike', this.history([me, ...people.slice(1, 12)], 500, 12, groupLines), 6);
    this.addChat('direct', [bilal!], null, this.history([bilal!, bilal!, me], 40, 61), 2);
    this.addChat('group', [chiara!, diego!, emeka!], 'Kitchen renovation', this.history([me, chiara!, diego!, emeka!], 60, 190));
    this.addChat('direct', [chiara!], null, []);
    this.addChat('direct', [p(21)], null, this.history([p(21), me], 12, 1500));
    for (const [index, user] of [freya, goran, hana, ines, jonas, p(11), p(12), p(14), p(18), p(23)].entries()) {
      this.addChat('direct', [user!], null, this.history([user!, me], 8 + index * 3, 2000 + index * 2900));
    }
  }
}

function wire(chatId: string, message: ShownMessage) {
  return { id: message.id ?? 'x', chat_id: chatId, sender_id: message.senderId, kind: message.kind, text: message.text, sent_at: new Date(message.sentAt).toISOString(), key: null };
}
