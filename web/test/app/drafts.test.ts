// @vitest-environment happy-dom
import { beforeEach, expect, test } from 'vitest';
import { drafts } from '../../src/conversation/drafts';

beforeEach(() => {
  drafts.wipe();
  localStorage.clear();
});

test('a draft is kept per person and chat, in the browser', () => {
  drafts.set('me', 'a', 'half a thought');
  expect(drafts.get('me', 'a')).toBe('half a thought');
  expect(drafts.get('me', 'b')).toBe('');
  expect(drafts.get('you', 'a')).toBe('');
  expect(localStorage.getItem('caravan.draft.me.a')).toBe('half a thought');
});

test('blanks are no draft', () => {
  drafts.set('me', 'a', 'x');
  drafts.set('me', 'a', ' \n ');
  expect(localStorage.length).toBe(0);
});

test('logging out wipes everybody’s and nothing else', () => {
  localStorage.setItem('caravan.theme', 'dark');
  drafts.set('me', 'a', 'one');
  drafts.set('you', 'a', 'two');
  drafts.wipe();
  expect(drafts.get('me', 'a')).toBe('');
  expect(Object.keys(localStorage)).toEqual(['caravan.theme']);
});

test('a list that shows drafts hears of changes', () => {
  let heard = 0;
  const end = drafts.live('me', 'a').subscribe(() => (heard += 1));
  drafts.set('me', 'a', 'x');
  drafts.set('me', 'a', 'x');
  end();
  drafts.set('me', 'a', 'y');
  expect(heard).toBe(1);
});
