// How people and chats are called and coloured.
import type { Chat, Member, Uuid } from '../client/types';

export function otherMember(chat: Chat, me: Uuid | undefined): Member | undefined {
  return chat.members.find((member) => member.user_id !== me);
}

export function chatName(chat: Chat, me: Uuid | undefined): string {
  if (chat.kind === 'group') return chat.title ?? 'Group';
  return otherMember(chat, me)?.display_name ?? 'Deleted account';
}

/** What a chat's colour is taken from: a person keeps theirs wherever they appear. */
export function chatHueSeed(chat: Chat, me: Uuid | undefined): string {
  return chat.kind === 'direct' ? (otherMember(chat, me)?.user_id ?? chat.id) : chat.id;
}

const letter = /^[\p{L}\p{N}]/u;

/** One or two letters; graphemes, so that a name that begins with an emoji or an accent is not cut in half. Two emoji would not fit. */
export function initials(name: string): string {
  const words = name.trim().split(/[\s._-]+/u).filter(Boolean);
  const first = firstGrapheme(words[0] ?? '?');
  const last = words.length > 1 ? firstGrapheme(words.at(-1)!) : '';
  if (!letter.test(first) && !letter.test(last)) return first;
  return (first + last).toLocaleUpperCase();
}

function firstGrapheme(word: string): string {
  if ('Segmenter' in Intl) {
    for (const { segment } of new Intl.Segmenter().segment(word)) return segment;
  }
  return [...word][0] ?? '';
}

/** A hue step 0–11, the same for one seed on every device: FNV-1a over the id. */
export function hueStep(seed: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193) >>> 0;
  }
  return ((hash ^ (hash >>> 15)) >>> 0) % 12;
}
