import { describe, expect, test } from 'vitest';
import { displayNameError, passwordError, usernameError } from '../../src/account/accountRules';
import { duration, problemText } from '../../src/app/problems';
import { parseLocation } from '../../src/app/paths';
import { findMatches, folded } from '../../src/people/findMatches';
import type { Chat, User } from '../../src/client/types';
import { emojiOnly } from '../../src/text/emoji';
import { hueStep, initials } from '../../src/text/names';
import { countScalars } from '../../src/text/scalars';

describe('texts', () => {
  test('are counted in Unicode scalars', () => {
    expect(countScalars('aé👍')).toBe(3);
    expect(countScalars('👩‍👩‍👧')).toBe(5);
  });
  test('are large when they are emoji alone', () => {
    expect(emojiOnly('🐪')).toBe(1);
    expect(emojiOnly('👩‍👩‍👧 🇩🇪 👍🏽 ❤️')).toBe(4);
    expect(emojiOnly('1️⃣')).toBe(1);
    for (const text of ['', '  ', 'ok 👍', '123', '#', '©', '👍'.repeat(7)]) expect(emojiOnly(text)).toBe(0);
  });
});

describe('names', () => {
  test('have initials', () => {
    expect(initials('Anna Lindqvist')).toBe('AL');
    expect(initials('xu')).toBe('X');
    expect(initials('  Inês de Sá ')).toBe('IS');
    expect(initials('🐪 Rider')).toBe('🐪R');
    expect(initials('🏳️‍🌈 Zoë 🐪')).toBe('🏳️‍🌈');
    expect(initials('')).toBe('?');
  });
  test('have one of twelve colours, always the same', () => {
    const steps = new Set(Array.from({ length: 400 }, (_, index) => hueStep(`id-${index}`)));
    expect([...steps].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index));
    expect(hueStep('id-1')).toBe(hueStep('id-1'));
  });
  test('are held to the limits of the server', () => {
    expect(usernameError('ab')).not.toBeNull();
    expect(usernameError('Anna')).not.toBeNull();
    expect(usernameError('anna.b-c_9')).toBeNull();
    expect(passwordError('1234567')).not.toBeNull();
    expect(passwordError('12345678')).toBeNull();
    expect(displayNameError(' ')).not.toBeNull();
    expect(displayNameError('👍'.repeat(64))).toBeNull();
    expect(displayNameError('x'.repeat(65))).not.toBeNull();
  });
});

describe('addresses', () => {
  const id = '0A7C0000-0000-4000-8000-000000000001';
  test('lead to pages', () => {
    expect(parseLocation('/', '').name).toBe('home');
    expect(parseLocation('/app/', '').name).toBe('home');
    expect(parseLocation(`/app/chat/${id}`, '')).toEqual({ name: 'chat', chatId: id.toLowerCase(), info: false });
    expect(parseLocation(`/app/chat/${id}`, 'info')).toMatchObject({ info: true });
    expect(parseLocation('/app/new/group', '').name).toBe('newGroup');
    for (const path of ['/app/chat', '/app/chat/1', '/app/nonsense', '/other', `/app/chat/${id}/x`]) expect(parseLocation(path, '').name).toBe('unknown');
  });
});

describe('problems', () => {
  test('say when to try again', () => {
    expect(problemText({ code: 'rate_limited', status: 429, detail: '', retryAfter: 12 })).toContain('Try again in 12\u00a0s.');
    expect(problemText({ code: 'rate_limited', status: 429, detail: '', retryAfter: 12 }, 3)).toContain('in 3\u00a0s');
    expect(duration(600)).toBe('10\u00a0min');
  });
  test('of an unknown kind say what the server said', () => {
    expect(problemText({ code: 'new_thing', status: 400, detail: 'No camels.' })).toBe('No camels.');
  });
});

describe('finding', () => {
  const member = (id: string, name: string) => ({ user_id: id, username: name.toLowerCase(), display_name: name, read_up_to: null });
  const user = (id: string, name: string): User => ({ id, username: name.toLowerCase(), display_name: name, created_at: '' });
  const chat: Chat = { id: 'c', kind: 'direct', title: null, member_count: 2, members: [member('me', 'Me'), member('z', 'Zoë')], created_at: '', last_message: null, unread: 0, read_up_to: null, state: 'active' };

  test('minds neither case nor accents', () => expect(folded('ZOË')).toBe('zoe'));
  test('puts chats first and shows nobody twice', () => {
    expect(findMatches('zo', [chat], [user('z', 'Zoë'), user('y', 'Zora')], 'me').map((match) => match.key)).toEqual(['c', 'y']);
    expect(findMatches('anna', [chat], [], 'me')).toEqual([]);
  });
});
