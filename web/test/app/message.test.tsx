// @vitest-environment happy-dom
import { act } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Conversation, ShownMessage } from '../../src/client/types';
import { MessageRow } from '../../src/conversation/MessageRow';
import { buildRows } from '../../src/conversation/rows';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

let place: HTMLElement;
let root: Root;
const conversation = { retry: vi.fn(), discard: vi.fn() };

beforeEach(() => {
  place = document.createElement('div');
  document.body.append(place);
  root = createRoot(place);
});
afterEach(async () => {
  await act(async () => root.unmount());
  place.remove();
});

async function show(extra: Partial<ShownMessage>) {
  const message: ShownMessage = { localId: 'l', id: null, key: 'k', senderId: 'me', mine: true, kind: 'text', text: 'Hi', sentAt: 0, state: 'sending', ...extra };
  const [row] = buildRows([message], null, true);
  await act(async () => root.render(<MessageRow row={row!} now={0} conversation={conversation as unknown as Conversation} sender="Anna" inGroup={false} />));
}

test.each([['sending', 'Sending'], ['sent', 'Sent'], ['read', 'Read'], ['failed', 'Not sent']] as const)('the state %s has a name', async (state, name) => {
  await show({ state });
  expect(place.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe(name);
});

test('a failed message says why and offers two ways on', async () => {
  await show({ state: 'failed', problem: { code: 'too_large', status: 413, detail: '' } });
  expect(place.textContent).toContain('Not sent. That is too long to send.');
  const [retry, discard] = place.querySelectorAll('button');
  await act(async () => retry!.click());
  await act(async () => discard!.click());
  expect(conversation.retry).toHaveBeenCalledWith('l');
  expect(conversation.discard).toHaveBeenCalledWith('l');
});

test('a link opens elsewhere and tells nothing; markup stays text', async () => {
  await show({ text: '<img src=x onerror=alert(1)> https://example.org/' });
  expect(place.querySelector('img')).toBeNull();
  const link = place.querySelector('a')!;
  expect([link.target, link.rel]).toEqual(['_blank', 'noopener noreferrer']);
});

test('somebody else’s message names its sender and has no state', async () => {
  await show({ mine: false, senderId: 'x', state: 'sent' });
  expect(place.textContent).toContain('Anna: Hi');
  expect(place.querySelector('[role="img"]')).toBeNull();
});
