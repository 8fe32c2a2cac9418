import type { Chat, User, Uuid } from '../client/types';
import { chatName, otherMember } from '../text/names';

export type Match = { kind: 'chat'; key: string; chat: Chat } | { kind: 'person'; key: string; user: User };

const mostChats = 8;

/** Case and accents do not matter to somebody who looks for Zoë. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/** Chats whose name, or a word of it, begins with the query, in the list's order; then people there is no direct chat with among them. */
export function findMatches(query: string, chats: readonly Chat[], people: readonly User[], me: Uuid | undefined): Match[] {
  const wanted = folded(query.trim());
  const hit = (text: string) => folded(text).startsWith(wanted) || folded(text).includes(` ${wanted}`);
  const found = chats
    .filter((chat) => wanted === '' || hit(chatName(chat, me)) || (chat.kind === 'direct' && hit(otherMember(chat, me)?.username ?? '')))
    .slice(0, mostChats);
  const talking = new Set(found.flatMap((chat) => (chat.kind === 'direct' ? (otherMember(chat, me)?.user_id ?? []) : [])));
  return [
    ...found.map((chat): Match => ({ kind: 'chat', key: chat.id, chat })),
    ...people.filter((user) => !talking.has(user.id)).map((user): Match => ({ kind: 'person', key: user.id, user })),
  ];
}
