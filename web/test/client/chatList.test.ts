// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { ChatList } from '../../src/client/machine/chatList';
import type { Chat, Message } from '../../src/client/types';
import { idOf } from './model/ids';

const message = (n: number, sender = 'bob', chat = 'x'): Message => ({ id: idOf(n), chat_id: chat, sender_id: sender, kind: 'text', text: `t${n}`, sent_at: '', key: null });
const member = (id: string, read: number | null) => ({ user_id: id, username: id, display_name: id, read_up_to: read === null ? null : idOf(read) });
const chat = (last: number, unread: number, read: number | null, more: Partial<Chat> = {}): Chat => ({
  id: 'x', kind: 'direct', title: null, member_count: 2, members: [member('ann', read), member('bob', null)], created_at: '2026-01-01T00:00:00.000Z',
  last_message: message(last), unread, read_up_to: read === null ? null : idOf(read), state: 'active', ...more,
});
const heads = (last: number, unread: number, id = 'x') => [{ chat_id: id, last_message_id: idOf(last), unread }];
const never = () => false;

function list(c = chat(5, 2, 3)): ChatList {
  const l = new ChatList('ann');
  l.listAnswered({ chats: [c], next: null }, true);
  return l;
}

describe('the chat list', () => {
  it('counts what arrives above what the server counted, not twice, and not its own', () => {
    const l = list();
    l.heard(message(6));
    l.heard(message(6));
    l.heard(message(7, 'ann'));
    l.heard(message(4));
    expect(l.chats.get('x')).toMatchObject({ unread: 3, last_message: { text: 't7' } });
    l.headsAnswered(heads(6, 3), () => true);
    expect(l.unread('x')).toBe(3);
  });

  it('asks for the read marks that it may have missed: of the chats on screen, until an answer is late enough', () => {
    const l = list();
    const early = l.asOf;
    l.missedReads();
    expect([...l.outdated]).toEqual([]);
    l.looked(['x', 'unknown']);
    expect([...l.outdated]).toEqual(['x']);
    // Asked for before the marks may have been made.
    l.infoAnswered(chat(5, 2, 3), early);
    expect([...l.outdated]).toEqual(['x']);
    l.infoAnswered(chat(5, 2, 3), l.asOf);
    expect([...l.outdated]).toEqual([]);
    l.looked(['x']);
    expect([...l.outdated]).toEqual([]);
  });

  it('keeps what it knows when an older answer comes', () => {
    const l = list();
    l.heard(message(6));
    l.infoAnswered(chat(5, 2, 3));
    expect(l.chats.get('x')).toMatchObject({ unread: 3, last_message: { text: 't6' } });
  });

  it('is read here at once, also for answers that do not know it yet', () => {
    const l = list();
    l.readHere('x', idOf(5));
    expect(l.chats.get('x')).toMatchObject({ unread: 0, read_up_to: idOf(5) });
    l.headsAnswered(heads(5, 2), () => true);
    l.infoAnswered(chat(5, 2, 3));
    expect(l.chats.get('x')).toMatchObject({ unread: 0, read_up_to: idOf(5) });
    l.heard(message(6));
    expect(l.unread('x')).toBe(1);
  });

  it('follows a mark of another device, and asks when only the server can tell what is left', () => {
    const l = list();
    l.readHeard({ chat_id: 'x', user_id: 'ann', message_id: idOf(4) });
    expect([...l.outdated]).toEqual(['x']);
    l.infoAnswered(chat(5, 1, 4));
    expect(l.unread('x')).toBe(1);
    l.readHeard({ chat_id: 'x', user_id: 'ann', message_id: idOf(5) });
    expect(l.unread('x')).toBe(0);
    l.readHeard({ chat_id: 'x', user_id: 'ann', message_id: idOf(2) });
    expect(l.chats.get('x')?.read_up_to).toBe(idOf(5));
  });

  it("moves others' marks forwards only", () => {
    const l = list();
    l.readHeard({ chat_id: 'x', user_id: 'bob', message_id: idOf(4) });
    l.readHeard({ chat_id: 'x', user_id: 'bob', message_id: idOf(2) });
    l.infoAnswered(chat(5, 2, 3));
    expect(l.chats.get('x')?.members[1]?.read_up_to).toBe(idOf(4));
  });

  it('asks for chats that it does not know or cannot show, one by one or by the page', () => {
    const l = list();
    l.headsAnswered([...heads(9, 4), ...heads(1, 1, 'y')], never);
    expect([...l.outdated]).toEqual(['x', 'y']);
    expect(l.wantsFirst).toBe(false);
    expect(l.totalUnread).toBe(5);
    l.headsAnswered(['a', 'b', 'c'].flatMap((id) => heads(1, 0, id)), never);
    expect(l.wantsFirst).toBe(true);
  });

  it('counts to 100 and no further', () => {
    const l = list(chat(5, 100, null));
    l.heard(message(6));
    expect(l.unread('x')).toBe(100);
  });

  it('is live once list and heads have been seen', () => {
    const l = new ChatList('ann');
    expect(l.status).toBe('loading');
    l.restored([chat(5, 0, 5)]);
    expect(l.status).toBe('cached');
    l.headsAnswered(heads(5, 0), never);
    l.listAnswered({ chats: [], next: null }, true);
    expect(l.status).toBe('live');
  });
});
