// Stands in for src/client/index.ts under dev/vite.fake.config.ts: the whole interface, no server, some cheek.
// ?fake=none (logged out), ?fake=empty (no chats), ?delay=2000 choose a scene; it is remembered until another is chosen.
import { CaravanError, type Caravan, type CaravanEvents, type Chat, type User } from '../../src/client/types';
import { fakeBill } from './bill';
import { FakeConversation } from './conversation';
import { people } from './people';
import { FakeWorld } from './world';

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function scene(name: string, fallback: string): string {
  const asked = new URLSearchParams(location.search).get(name);
  if (asked !== null) sessionStorage.setItem(`fake.${name}`, asked);
  return sessionStorage.getItem(`fake.${name}`) ?? fallback;
}

export function createCaravan(_options: unknown): Caravan {
  const world = new FakeWorld();
  world.delay = Number(scene('delay', '120'));
  const which = scene('fake', 'full');
  if (which === 'full') world.populate(people[0]!);
  if (which === 'empty') world.me.set(people[0]!);
  const conversations = new Map<string, FakeConversation>();
  const listeners: { [E in keyof CaravanEvents]: Set<CaravanEvents[E]> } = { message: new Set(), signedOut: new Set() };

  const conversation = (id: string) => {
    let found = conversations.get(id);
    if (!found) conversations.set(id, (found = new FakeConversation(id, world)));
    return found;
  };
  const enter = async (user: User) => {
    await wait(world.delay);
    sessionStorage.setItem('fake.fake', 'full');
    world.populate(user);
    return user;
  };

  const caravan: Caravan = {
    me: world.me, connection: world.connection, chats: world.chats, ready: Promise.resolve(), conversation,
    async register(username, _password, displayName) {
      if (username === 'anna') throw new CaravanError({ code: 'username_taken', status: 409, detail: 'Taken.' });
      return enter({ ...people[0]!, username, display_name: displayName ?? username });
    },
    async login(username, password) {
      await wait(world.delay);
      if (password === 'wrong') throw new CaravanError({ code: 'invalid_credentials', status: 401, detail: 'No.' });
      if (password === 'often') throw new CaravanError({ code: 'rate_limited', status: 429, detail: 'Too many.', retryAfter: 42 });
      return enter({ ...people[0]!, username });
    },
    async logout() {
      await wait(world.delay);
      sessionStorage.setItem('fake.fake', 'none');
      world.me.set(null);
      for (const listener of listeners.signedOut) listener('logout');
    },
    async updateProfile(displayName) {
      await wait(world.delay);
      const user = { ...world.me.get()!, display_name: displayName };
      world.me.set(user);
      return user;
    },
    async refreshProfile() {
      await wait(world.delay);
      const user = { ...world.me.get()!, admin: true };
      world.me.set(user);
      return user;
    },
    async bill() {
      await wait(world.delay);
      return fakeBill(scene('bill', 'full'));
    },
    async changePassword(old) {
      await wait(world.delay);
      if (old === 'wrong') throw new CaravanError({ code: 'invalid_credentials', status: 401, detail: 'No.' });
    },
    async findUsers(query, after) {
      await wait(world.delay);
      const text = query.toLowerCase();
      const found = people.filter((user) => user.username.startsWith(text) || user.display_name.toLowerCase().includes(text));
      const start = after ? Number(after) : 0;
      return { users: found.slice(start, start + 20), next: found.length > start + 20 ? String(start + 20) : null };
    },
    async openDirect(userId) {
      await wait(world.delay);
      const existing = world.chats.get().chats.find((chat) => chat.kind === 'direct' && chat.members.some((other) => other.user_id === userId));
      return existing ?? world.addChat('direct', [people.find((user) => user.id === userId)!], null, []);
    },
    async createGroup(members, title): Promise<Chat> {
      await wait(world.delay);
      return world.addChat('group', people.filter((user) => members.includes(user.id)), title, []);
    },
    async loadMoreChats() {},
    on(event, listener) {
      listeners[event].add(listener);
      return () => listeners[event].delete(listener);
    },
    close() {},
  };

  Object.assign(window, {
    fake: {
      world, conversation,
      receive(chatId: string, text: string, from?: string) {
        const id = world.newId();
        const senderId = from ?? world.membersOf(chatId)[1]!;
        conversation(chatId).add({ localId: id, id, key: null, senderId, mine: false, kind: 'text', text, sentAt: Date.now(), state: 'sent' });
        const chat = world.chat(chatId);
        for (const listener of listeners.message) listener(chat!.last_message!, chat);
      },
    },
  });
  return caravan;
}
