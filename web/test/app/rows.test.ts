import { describe, expect, test } from 'vitest';
import { BEFORE_EVERYTHING } from '../../src/client';
import type { ConversationView, ShownMessage } from '../../src/client/types';
import { isSeeking, nextDivider, noDivider } from '../../src/conversation/divider';
import { buildRows, estimateRow } from '../../src/conversation/rows';

const noon = new Date(2026, 5, 1, 12).getTime();
const minute = 60_000;
const said = (id: string, sender: string, minutes: number, extra: Partial<ShownMessage> = {}): ShownMessage => ({
  localId: id, id, key: null, senderId: sender, mine: sender === 'me', kind: 'text', text: id, sentAt: noon + minutes * minute, state: 'sent', ...extra,
});
const shape = (messages: ShownMessage[], divider: string | null = null, hasOlder = false) =>
  buildRows(messages, divider, hasOlder).map((row) => [row.message.localId, row.first ? 'first' : '', row.last ? 'last' : '', row.day === null ? '' : 'day', row.unread ? 'unread' : ''].filter(Boolean).join(' '));

describe('rows', () => {
  test('group what one person says in one go', () => {
    expect(shape([said('a', 'x', 0), said('b', 'x', 1), said('c', 'me', 2), said('d', 'x', 3)])).toEqual(['a first day', 'b last', 'c first last', 'd first last']);
  });
  test('begin anew after a pause, and at midnight', () => {
    expect(shape([said('a', 'x', 0), said('b', 'x', 6), said('c', 'x', 12 * 60 + 1)])).toEqual(['a first last day', 'b first last', 'c first last day']);
  });
  test('leave the beginning open while older messages are to come', () => {
    expect(shape([said('a', 'x', 0), said('b', 'x', 1)], null, true)).toEqual(['a', 'b last']);
  });
  test('carry the unread divider, which ends a group', () => {
    expect(shape([said('a', 'x', 0), said('b', 'x', 1)], 'b')).toEqual(['a first last day', 'b first last unread']);
  });
  test('show unknown kinds as nothing', () => {
    expect(shape([said('a', 'x', 0), said('s', 'x', 1, { kind: 'system' }), said('b', 'x', 2)])).toEqual(['a first day', 'b last']);
  });
  test('have an estimated height that grows with their text', () => {
    const [short, long] = buildRows([said('a', 'x', 0), said('b', 'x', 1, { text: 'word '.repeat(200) })], null, true);
    expect(estimateRow(long, 390)).toBeGreaterThan(estimateRow(short, 390) * 5);
  });
});

describe('the unread divider', () => {
  const view = (messages: ShownMessage[], dividerAfter: string | null, status: ConversationView['status'] = 'live', hasOlder = false): ConversationView =>
    ({ chat: null, messages, hasOlder, loadingOlder: false, status, dividerAfter });
  const history = [said('a', 'x', 0), said('b', 'me', 1), said('c', 'x', 2)];

  test('stands above the first message of somebody else after the mark', () => {
    expect(nextDivider(noDivider, view(history, 'a')).before).toBe('c');
    expect(nextDivider(noDivider, view(history, 'c')).before).toBeNull();
    expect(nextDivider(noDivider, view(history, null)).before).toBeNull();
  });
  test('stands above everything when nothing had been read, once the beginning is held', () => {
    expect(nextDivider(noDivider, view(history, BEFORE_EVERYTHING, 'live', true))).toMatchObject({ before: null, settled: false });
    expect(isSeeking(view(history, BEFORE_EVERYTHING, 'live', true), 20)).toBe(true);
    expect(nextDivider(noDivider, view(history, BEFORE_EVERYTHING))).toMatchObject({ before: 'a', settled: true });
    expect(isSeeking(view(history, BEFORE_EVERYTHING), 20)).toBe(false);
  });
  test('does not appear for what arrives while somebody is looking', () => {
    const settled = nextDivider(noDivider, view(history, 'c'));
    expect(nextDivider(settled, view([...history, said('d', 'x', 3)], 'c')).before).toBeNull();
  });
  test('waits for the conversation to have caught up', () => {
    const cached = nextDivider(noDivider, view(history, 'c', 'cached'));
    expect(nextDivider(cached, view([...history, said('d', 'x', 3)], 'c')).before).toBe('d');
  });
  test('is worked out anew when the chat is opened again', () => {
    const settled = nextDivider(noDivider, view(history, 'a'));
    expect(nextDivider(settled, view([...history, said('d', 'x', 3)], 'c')).before).toBe('d');
  });
  test('is looked for in older pages only while it can be there', () => {
    expect(isSeeking(view(history, 'z', 'live', true), 20)).toBe(true);
    expect(isSeeking(view(history, 'a', 'live', true), 20)).toBe(false);
    expect(isSeeking(view(history, 'z', 'live', true), 0)).toBe(false);
    expect(isSeeking(view(history, 'z', 'live', false), 20)).toBe(false);
    expect(isSeeking(view(Array.from({ length: 141 }, (_, index) => said(`m${index}`, 'x', index)), 'z', 'live', true), 100)).toBe(false);
  });
});
