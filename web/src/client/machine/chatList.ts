// The chat list as a value: chats, last messages, unread counts, read marks. It decides what must be fetched; the engine fetches.
import { BEFORE_EVERYTHING, isLater, later } from '../ids';
import type { Chat, Message, TimeUuid, Uuid } from '../types';
import type { ChatPage, Head, ReadMark } from '../wire';

/** The server counts no further, and neither do we. */
const COUNT_LIMIT = 100;
/** With more unknown or outdated chats than this, a page of the list is cheaper than asking one by one. */
const ONE_BY_ONE = 3;

/** Unread as the server counted it up to a message; what others sent since is counted here. */
interface Tally {
  count: number;
  upTo: TimeUuid;
  /** Ids of others' messages after `upTo` and my mark. */
  readonly since: Set<TimeUuid>;
}

export class ChatList {
  readonly chats = new Map<Uuid, Chat>();
  private readonly tallies = new Map<Uuid, Tally>();
  /** Chats of which everything up to here was seen on this device; the server may not know yet. */
  private readonly seenUpTo = new Map<Uuid, TimeUuid>();
  /** Chats to ask for by `info`. */
  readonly outdated = new Set<Uuid>();
  /** Chats whose views changed since the engine last looked. */
  readonly changed = new Set<Uuid>();
  /** The list's first page is wanted. */
  wantsFirst = true;
  /** Where the next page begins; undefined before the first one came. */
  next: string | null | undefined;
  private confirmed = false;
  /** Rises whenever read marks may have been missed. */
  private readsAsOf = 0;
  /** Per chat, what `readsAsOf` was when its information was asked for. */
  private readonly readsKnown = new Map<Uuid, number>();
  private viewing: readonly Uuid[] = [];

  constructor(private readonly me: Uuid) {}

  get status(): 'loading' | 'cached' | 'live' {
    if (this.confirmed && this.next !== undefined) return 'live';
    return this.chats.size > 0 ? 'cached' : 'loading';
  }

  get totalUnread(): number {
    let sum = 0;
    for (const id of new Set([...this.chats.keys(), ...this.tallies.keys()])) sum += this.unread(id);
    return sum;
  }

  restored(chats: readonly Chat[]): void {
    for (const chat of chats) if (!this.chats.has(chat.id)) this.set(chat);
  }

  /** What an answer to a request sent now will know of. */
  get asOf(): number {
    return this.readsAsOf;
  }

  /** Read marks may have been made that nobody told of. Who looks at a chat asks at once; of the others nobody needs to know yet. */
  missedReads(): void {
    this.readsAsOf += 1;
    this.askForReads();
  }

  /** These chats are on screen. */
  looked(viewing: readonly Uuid[]): void {
    this.viewing = viewing;
    this.askForReads();
  }

  /** `asOf`: as it was when the page was asked for. */
  listAnswered(page: ChatPage, first: boolean, asOf = this.readsAsOf): void {
    for (const chat of page.chats) this.infoAnswered(chat, asOf);
    if (first) this.wantsFirst = false;
    if (!first || this.next === undefined) this.next = page.next;
  }

  /** The server's word on a chat; what is known here and later stays. */
  infoAnswered(chat: Chat, asOf = this.readsAsOf): void {
    const known = this.chats.get(chat.id);
    const last = chat.last_message;
    const ours = known?.last_message ?? null;
    const readUpTo = known?.read_up_to && isLater(known.read_up_to, chat.read_up_to) ? known.read_up_to : chat.read_up_to;
    this.outdated.delete(chat.id);
    this.readsKnown.set(chat.id, Math.max(asOf, this.readsKnown.get(chat.id) ?? 0));
    this.counted(chat.id, chat.unread, last?.id ?? BEFORE_EVERYTHING);
    const members = chat.members.map((m) => {
      const before = known?.members.find((k) => k.user_id === m.user_id)?.read_up_to ?? null;
      return before !== null && isLater(before, m.read_up_to) ? { ...m, read_up_to: before } : m;
    });
    this.set({ ...chat, members, read_up_to: readUpTo, last_message: ours && isLater(ours.id, last?.id ?? null) ? ours : last });
    this.askForReads();
  }

  /** `reads`: will the messages of this chat be read anyhow? */
  headsAnswered(heads: readonly Head[], reads: (chatId: Uuid) => boolean): void {
    for (const head of heads) {
      const chat = this.chats.get(head.chat_id);
      const last = head.last_message_id ?? BEFORE_EVERYTHING;
      this.counted(head.chat_id, head.unread, last);
      const missing = isLater(last, chat?.last_message?.id ?? BEFORE_EVERYTHING);
      if (!chat || (missing && !reads(head.chat_id))) this.outdated.add(head.chat_id);
    }
    if (this.outdated.size > ONE_BY_ONE) this.wantsFirst = true;
    this.confirmed = true;
  }

  /** A message is held that was not, or is told of. */
  heard(message: Message): void {
    const id = message.chat_id;
    const chat = this.chats.get(id);
    if (!chat) this.outdated.add(id);
    if (message.sender_id !== this.me && message.kind === 'text') {
      const tally = this.tally(id);
      if (isLater(message.id, tally.upTo) && tally.since.size < COUNT_LIMIT) tally.since.add(message.id);
    }
    if (chat && isLater(message.id, chat.last_message?.id ?? null)) this.set({ ...chat, last_message: message });
    else this.touch(id);
  }

  readHeard(read: ReadMark): void {
    const chat = this.chats.get(read.chat_id);
    if (!chat) return;
    if (read.user_id === this.me) {
      if (!isLater(read.message_id, chat.read_up_to)) return;
      const tally = this.tally(chat.id);
      // Another device has read up to the middle of what the server counted: only it can tell what is left.
      if (tally.count > 0 && isLater(tally.upTo, read.message_id)) this.outdated.add(chat.id);
      else tally.count = 0;
    }
    const members = chat.members.map((m) => (m.user_id === read.user_id && isLater(read.message_id, m.read_up_to) ? { ...m, read_up_to: read.message_id } : m));
    const mine = read.user_id === this.me ? read.message_id : chat.read_up_to;
    this.set({ ...chat, members, read_up_to: mine });
  }

  /** Everything up to `id`, the last of others', was seen here. */
  readHere(chatId: Uuid, id: TimeUuid): void {
    const chat = this.chats.get(chatId);
    const tally = this.tally(chatId);
    tally.count = 0;
    tally.upTo = later(id, tally.upTo);
    this.seenUpTo.set(chatId, later(tally.upTo, this.seenUpTo.get(chatId) ?? null));
    for (const known of [...tally.since]) if (!isLater(known, tally.upTo)) tally.since.delete(known);
    if (chat) this.readHeard({ chat_id: chatId, user_id: this.me, message_id: id });
    this.touch(chatId);
  }

  gone(chatId: Uuid): void {
    this.chats.delete(chatId);
    this.tallies.delete(chatId);
    this.outdated.delete(chatId);
    this.readsKnown.delete(chatId);
    this.changed.add(chatId);
  }

  unread(chatId: Uuid): number {
    const tally = this.tallies.get(chatId);
    if (!tally) return 0;
    const mark = this.chats.get(chatId)?.read_up_to ?? null;
    const since = [...tally.since].filter((id) => isLater(id, tally.upTo) && isLater(id, mark)).length;
    return Math.min(COUNT_LIMIT, tally.count + since);
  }

  private askForReads(): void {
    for (const id of this.viewing) if (this.chats.has(id) && (this.readsKnown.get(id) ?? 0) < this.readsAsOf) this.outdated.add(id);
  }

  private counted(chatId: Uuid, count: number, upTo: TimeUuid): void {
    const tally = this.tally(chatId);
    if (isLater(tally.upTo, upTo)) return;
    const seen = this.seenUpTo.get(chatId);
    tally.upTo = upTo;
    tally.count = seen !== undefined && !isLater(upTo, seen) ? 0 : count;
    for (const id of [...tally.since]) if (!isLater(id, upTo)) tally.since.delete(id);
    this.touch(chatId);
  }

  private tally(chatId: Uuid): Tally {
    let tally = this.tallies.get(chatId);
    if (!tally) {
      tally = { count: 0, upTo: BEFORE_EVERYTHING, since: new Set() };
      this.tallies.set(chatId, tally);
    }
    return tally;
  }

  private set(chat: Chat): void {
    this.chats.set(chat.id, chat);
    if (!this.tallies.has(chat.id)) {
      const tally = this.tally(chat.id);
      tally.count = chat.unread;
      tally.upTo = chat.last_message?.id ?? BEFORE_EVERYTHING;
    }
    this.touch(chat.id);
  }

  /** Keeps the chat's own `unread` true. */
  private touch(chatId: Uuid): void {
    const chat = this.chats.get(chatId);
    const unread = this.unread(chatId);
    if (chat && chat.unread !== unread) this.chats.set(chatId, { ...chat, unread });
    this.changed.add(chatId);
  }
}
