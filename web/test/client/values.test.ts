// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { BEFORE_EVERYTHING, compareTimeUuid, randomUuid, timeOf } from '../../src/client/ids';
import { LiveValue } from '../../src/client/front/live';
import { Replica } from '../../src/client/front/replica';
import { ShownMessages } from '../../src/client/front/shownMessages';
import type { Message } from '../../src/client/types';
import { parseMailbox, parseNews } from '../../src/client/wire';
import { idOf } from './model/ids';

const message = (n: number, more: Partial<Message> = {}): Message => ({ id: idOf(n), chat_id: 'x', sender_id: 'bob', kind: 'text', text: `t${n}`, sent_at: '', key: null, ...more });

describe('ids', () => {
  it('are ordered by their 60 bits of time, then by the last eight bytes', () => {
    const ids = ['ffffffff-0000-1000-8000-000000000000', '00000000-0001-1000-8000-000000000000', '00000000-0000-1001-8000-000000000000', '00000000-0000-1001-8000-000000000001', '00000000-0000-1001-8001-000000000000'];
    expect([...ids].reverse().sort(compareTimeUuid)).toEqual(ids);
    for (const id of ids) expect(compareTimeUuid(BEFORE_EVERYTHING, id)).toBeLessThan(0);
  });

  it('carry their time', () => {
    expect(timeOf('c232ab00-9414-11ec-b3c8-9f6bdeced846')).toBe(Date.UTC(2022, 1, 22, 19, 22, 22));
  });

  it('are random where they are ours', () => {
    expect(randomUuid(new Uint8Array(16).fill(255))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  });
});

describe('the wire', () => {
  const news = { epoch: 'e', first: 1, seq: 1, news: [{ seq: 1, chat_id: 'x', messages: [{ ...message(1), extra: 1 }], more: 2 }], reads: [{ odd: true }], later: [] };

  it('ignores fields and reads that it does not know', () => {
    expect(parseNews(news)).toEqual({ epoch: 'e', first: 1, seq: 1, news: [{ seq: 1, chat_id: 'x', messages: [message(1)] }], reads: [] });
  });

  it('does not take half an aggregate for one', () => {
    expect(parseNews({ ...news, news: [{ seq: 1, chat_id: 'x', messages: [{ id: 5 }] }] })).toBeNull();
    expect(parseNews(null)).toBeNull();
    expect(parseNews({ epoch: 1 })).toBeNull();
  });

  it('reads a mailbox, whose lists are texts', () => {
    const document = { epoch: 'e', first: 1, seq: 1, news: JSON.stringify(news.news), reads: '[]' };
    expect(parseMailbox(document)).toEqual(parseNews({ ...news, reads: [] }));
    expect(parseMailbox({ ...document, news: '{' })).toBeNull();
    expect(parseMailbox({ ...document, reads: '{' })).not.toBeNull();
  });
});

describe('a live value', () => {
  it('tells listeners of changes only, and its owner when somebody listens', () => {
    const watched = vi.fn();
    const value = new LiveValue(1, watched);
    const [a, b] = [vi.fn(), vi.fn()];
    const end = value.subscribe(a);
    const endB = value.subscribe(b);
    value.set(1);
    value.set(2);
    expect([a, b].map((f) => f.mock.calls.length)).toEqual([1, 1]);
    end();
    endB();
    endB();
    expect(watched.mock.calls).toEqual([[true], [false]]);
  });
});

describe('rows', () => {
  it('stay the same object as long as they look the same', () => {
    const rows = new ShownMessages('ann');
    const mine = message(2, { sender_id: 'ann', key: 'k' });
    const waiting = { key: 'k', chatId: 'x', text: 't2', at: 7, problem: null };
    const first = rows.update([message(1)], [waiting], null);
    expect(first.map((r) => [r.localId, r.state, r.sentAt === 7])).toEqual([[idOf(1), 'sent', false], ['k', 'sending', true]]);
    expect(rows.update([message(1)], [{ ...waiting }], null)).toBe(first);
    const second = rows.update([message(1), mine], [waiting], null);
    expect(second[0]).toBe(first[0]);
    expect(second.map((r) => [r.localId, r.state])).toEqual([[idOf(1), 'sent'], ['k', 'sent']]);
    expect(rows.update([message(1), mine], [], idOf(2)).map((r) => r.state)).toEqual(['sent', 'read']);
  });
});

describe('the replica of a tab', () => {
  const state = (oldest: number, cursor: number) => ({ status: 'live', hasOlder: true, loadingOlder: false, problem: null, oldest: idOf(oldest), cursor: idOf(cursor) }) as const;
  const whole = (from: number, to: number) => ({ chatId: 'x', reset: true, state: state(from, to), messages: Array.from({ length: to - from + 1 }, (_, i) => message(from + i)), gone: [] });
  const ids = (r: Replica) => r.messagesOf('x').map((m) => m.id);

  it('keeps what is on screen when a new leader knows a little less', () => {
    const r = new Replica();
    r.apply({ chats: [whole(1, 9)] });
    r.apply({ chats: [{ chatId: 'x', reset: true, state: { ...state(1, 1), status: 'loading', oldest: null, cursor: null }, messages: [], gone: [] }] });
    r.apply({ chats: [whole(5, 8)] });
    expect(ids(r)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(idOf));
  });

  it('keeps nothing across a gap', () => {
    const r = new Replica();
    r.apply({ chats: [whole(1, 3)] });
    r.apply({ chats: [whole(7, 9)] });
    expect(ids(r)).toEqual([7, 8, 9].map(idOf));
  });

  it('keeps its own sends until the leader knows them', () => {
    const r = new Replica();
    r.sent({ key: 'k', chatId: 'x', text: '', at: 0, problem: null });
    r.apply({ outbox: { reset: true, put: [], gone: [] } });
    expect(r.outboxOf('x')).toHaveLength(1);
    r.apply({ outbox: { reset: false, put: [], gone: ['k'] } });
    expect(r.outboxOf('x')).toHaveLength(0);
    expect(r.unsettled.size).toBe(0);
  });
});
