import { BEFORE_EVERYTHING, isLater } from '../ids';
import type { OutboxEntry } from '../machine/outbox';
import type { Chat, Conversation, ConversationView, Live, Member, TimeUuid, Uuid } from '../types';
import { LiveValue } from './live';
import type { Replica } from './replica';
import { ShownMessages } from './shownMessages';

/** What a conversation needs of its tab. */
export interface ConversationHost {
  readonly replica: Replica;
  meId(): Uuid;
  send(chatId: Uuid, text: string): OutboxEntry | null;
  retry(key: Uuid): void;
  discard(key: Uuid): void;
  older(chatId: Uuid): Promise<void>;
  markRead(chatId: Uuid, messageId: TimeUuid): void;
  members(chatId: Uuid, after?: string): Promise<{ members: Member[]; next: string | null }>;
  /** What is watched or viewed changed. */
  presenceChanged(): void;
}

const NOTHING: ConversationView = { chat: null, messages: [], hasOlder: false, loadingOlder: false, status: 'loading', dividerAfter: null };

export class ChatConversation implements Conversation {
  private readonly live: LiveValue<ConversationView>;
  private rows: ShownMessages;
  private opens = 0;
  private subscribed = false;
  /** undefined: opened, but the chat's mark is not known yet. */
  private divider: TimeUuid | null | undefined = null;
  private marked: TimeUuid | null = null;

  constructor(
    readonly chatId: Uuid,
    private readonly host: ConversationHost,
  ) {
    this.rows = new ShownMessages(host.meId());
    this.live = new LiveValue(NOTHING, (watched) => {
      this.subscribed = watched;
      host.presenceChanged();
    });
    this.refresh();
  }

  get view(): Live<ConversationView> {
    return this.live;
  }

  get viewed(): boolean {
    return this.opens > 0;
  }

  get watched(): boolean {
    return this.subscribed || this.viewed;
  }

  open(): () => void {
    this.opens += 1;
    if (this.opens === 1) {
      this.divider = undefined;
      this.refresh();
      this.host.presenceChanged();
    }
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      this.opens -= 1;
      if (this.opens === 0) this.host.presenceChanged();
    };
  }

  send(text: string): void {
    if (this.host.send(this.chatId, text)) this.refresh();
  }

  retry(localId: string): void {
    this.host.retry(localId);
  }

  discard(localId: string): void {
    this.host.discard(localId);
  }

  loadOlder(): Promise<void> {
    const { hasOlder, loadingOlder } = this.live.get();
    return hasOlder && !loadingOlder ? this.host.older(this.chatId) : Promise.resolve();
  }

  /** Only messages of others count: the mark names the last of them. */
  markRead(): void {
    const { messages, chat } = this.live.get();
    const last = messages.findLast((m) => !m.mine && m.id !== null)?.id;
    if (!last || !isLater(last, chat?.read_up_to ?? null) || !isLater(last, this.marked)) return;
    this.marked = last;
    this.host.markRead(this.chatId, last);
  }

  members(after?: string): Promise<{ members: Member[]; next: string | null }> {
    return this.host.members(this.chatId, after);
  }

  /** Another user, or none: nothing of the old one stays. */
  forget(): void {
    this.rows = new ShownMessages(this.host.meId());
    this.divider = this.viewed ? undefined : null;
    this.marked = null;
    this.refresh();
  }

  refresh(): void {
    const { replica } = this.host;
    const chat = replica.list.get(this.chatId) ?? null;
    const kept = replica.chats.get(this.chatId);
    if (this.divider === undefined && chat) this.divider = chat.read_up_to ?? (chat.unread > 0 ? BEFORE_EVERYTHING : null);
    const next: ConversationView = {
      chat,
      messages: this.rows.update(replica.messagesOf(this.chatId), replica.outboxOf(this.chatId), this.othersRead(chat)),
      hasOlder: kept?.state.hasOlder ?? false,
      loadingOlder: kept?.state.loadingOlder ?? false,
      status: kept?.state.status ?? 'loading',
      ...(kept?.state.problem ? { problem: kept.state.problem } : {}),
      dividerAfter: this.divider ?? null,
    };
    if (!equal(next, this.live.get())) this.live.set(next);
  }

  private othersRead(chat: Chat | null): TimeUuid | null {
    let latest: TimeUuid | null = null;
    for (const m of chat?.members ?? []) if (m.user_id !== this.host.meId() && m.read_up_to !== null && isLater(m.read_up_to, latest)) latest = m.read_up_to;
    return latest;
  }
}

function equal(a: ConversationView, b: ConversationView): boolean {
  return (
    a.chat === b.chat &&
    a.messages === b.messages &&
    a.hasOlder === b.hasOlder &&
    a.loadingOlder === b.loadingOlder &&
    a.status === b.status &&
    a.dividerAfter === b.dividerAfter &&
    a.problem?.code === b.problem?.code &&
    a.problem?.detail === b.problem?.detail
  );
}
