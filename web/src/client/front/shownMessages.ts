import { isLater, timeOf } from '../ids';
import type { OutboxEntry } from '../machine/outbox';
import type { Message, ShownMessage, TimeUuid, Uuid } from '../types';

/** Turns messages into rows; a row whose content did not change stays the same object, so that nothing is drawn twice. */
export class ShownMessages {
  private rows = new Map<string, ShownMessage>();
  private shown: readonly ShownMessage[] = [];

  constructor(private readonly me: Uuid) {}

  /** `othersRead`: the latest read mark of somebody else. Unknown kinds are shown as nothing. */
  update(messages: readonly Message[], outbox: readonly OutboxEntry[], othersRead: TimeUuid | null): readonly ShownMessage[] {
    const rows = new Map<string, ShownMessage>();
    for (const message of messages) {
      if (message.kind !== 'text') continue;
      const row = this.stored(message, othersRead);
      rows.set(row.localId, this.same(row));
    }
    for (const entry of outbox) if (!rows.has(entry.key)) rows.set(entry.key, this.same(this.waiting(entry)));
    this.rows = rows;
    const shown = [...rows.values()];
    if (shown.length !== this.shown.length || shown.some((row, i) => row !== this.shown[i])) this.shown = shown;
    return this.shown;
  }

  private stored(message: Message, othersRead: TimeUuid | null): ShownMessage {
    const mine = message.sender_id === this.me;
    const read = mine && othersRead !== null && !isLater(message.id, othersRead);
    return {
      localId: mine && message.key !== null ? message.key : message.id,
      id: message.id,
      key: message.key,
      senderId: message.sender_id,
      mine,
      kind: message.kind,
      text: message.text,
      sentAt: Date.parse(message.sent_at) || timeOf(message.id),
      state: read ? 'read' : 'sent',
    };
  }

  private waiting(entry: OutboxEntry): ShownMessage {
    const { key, text, at, problem } = entry;
    const row = { localId: key, id: null, key, senderId: this.me, mine: true, kind: 'text', text, sentAt: at } as const;
    return problem ? { ...row, state: 'failed', problem } : { ...row, state: 'sending' };
  }

  private same(row: ShownMessage): ShownMessage {
    const before = this.rows.get(row.localId);
    const equal =
      before && before.id === row.id && before.state === row.state && before.text === row.text && before.sentAt === row.sentAt && before.problem?.code === row.problem?.code;
    return equal ? before : row;
  }
}
