import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from './api';
import { composer, findAndOpen, login, messages, newContext, readWhole, register, send, shown, twoPeople, waitForState } from './app';
import { describeInBrowser, launch } from './browser';
import { Server } from './server';

describeInBrowser('a conversation', () => {
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    server = await Server.start();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end();
  });

  test('two people register, find each other and talk', async () => {
    const [one, two] = await Promise.all([newContext(browser), newContext(browser)]);
    const [anna, ben] = [await one.newPage(), await two.newPage()];
    await register(anna, server.url, 'anna.first', 'Anna Lindqvist');
    await register(ben, server.url, 'ben.first', 'Ben Okafor');

    await findAndOpen(anna, 'ben.first', 'Ben Okafor');
    await send(anna, 'Hello Ben');
    await waitForState(anna, 'Hello Ben', 'Sent');

    // It comes by itself: into the list, and into the title.
    const entry = ben.getByRole('navigation', { name: 'Chats' }).getByRole('link', { name: /Anna Lindqvist/ });
    await entry.waitFor();
    await ben.waitForFunction(() => document.title.startsWith('(1) Caravan'));
    await entry.click();
    await shown(ben, 'Hello Ben').waitFor();
    await waitForState(anna, 'Hello Ben', 'Read');
    await ben.waitForFunction(() => document.title.startsWith('Caravan'));

    await send(ben, 'Hello Anna, see https://example.org/');
    await shown(anna, 'Hello Anna, see https://example.org/').waitFor();
    const link = anna.getByRole('link', { name: 'https://example.org/', exact: true });
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');

    // The address leads back after a reload, and the title names the chat.
    await anna.reload();
    await shown(anna, 'Hello Ben').waitFor();
    expect(await anna.title()).toContain('Ben Okafor');
    await Promise.all([one.close(), two.close()]);
  });

  test('five hundred messages can be paged through without a jump', async () => {
    const texts = Array.from({ length: 500 }, (_, index) => `Message ${index + 1}${index % 7 === 0 ? `: ${'words that go on '.repeat(index % 13)}`.trimEnd() : ''}`);
    const { ben, chatId } = await twoPeople(server.url, 'Paging', ...texts);

    const context = await newContext(browser);
    const page = await context.newPage();
    const pages: string[] = [];
    page.on('request', (request) => request.url().includes(`/chat/${chatId}?`) && pages.push(request.url()));
    await login(page, server.url, ben, `/app/chat/${chatId}`);
    await shown(page, texts.at(-1)!).waitFor();

    // Between two frames no row may move further than the scroll explains.
    await page.evaluate(() => {
      const state = window as unknown as { jumps: number[] };
      state.jumps = [];
      let last: { row: Element; top: number; at: number } | null = null;
      const look = () => {
        const scroller = document.querySelector('.message-scroller');
        if (!scroller) return void requestAnimationFrame(look);
        const frame = scroller.getBoundingClientRect();
        if (last?.row.isConnected) {
          const moved = last.row.getBoundingClientRect().top - last.top + (scroller.scrollTop - last.at);
          if (Math.abs(moved) > 60) state.jumps.push(moved);
        }
        const row = [...scroller.querySelectorAll('[role="listitem"]')].find((item) => item.getBoundingClientRect().top > frame.top + frame.height / 2);
        last = row ? { row, top: row.getBoundingClientRect().top, at: scroller.scrollTop } : null;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    expect(await readWhole(page)).toEqual(texts);
    expect(await page.evaluate(() => (window as unknown as { jumps: number[] }).jumps)).toEqual([]);
    expect(pages.filter((url) => /[?&]quantity=(?!10\b)/.test(url) && /[?&]time=/.test(url)), 'pages of ten').toEqual([]);
    await context.close();
  });

  test('a chat with many unread messages opens where they begin', async () => {
    const { anna, ben, chatId } = await twoPeople(server.url, 'Unread');
    const read = await ben.send(chatId, 'Known so far');
    await ben.markRead(chatId, read);
    await anna.sendAll(chatId, Array.from({ length: 45 }, (_, index) => `News ${index + 1}`));
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, server.url, ben);
    await page.waitForFunction(() => document.title.startsWith('(45) Caravan'));
    await page.getByRole('link', { name: /Anna Unread/ }).click();
    await page.getByText('New messages', { exact: true }).waitFor();
    await shown(page, 'News 1').waitFor();
    expect(await page.title()).toMatch(/^\(45\)/);

    // Seen when the end is seen.
    await page.getByRole('button', { name: /Jump to the latest message/ }).click();
    await shown(page, 'News 45').waitFor();
    await page.waitForFunction(() => document.title.startsWith('Caravan'));
    await context.close();
  });

  test('the keyboard goes everywhere', async () => {
    const [anna, ben, chiara] = [await Person.register(server.url, 'Anna Keys'), await Person.register(server.url, 'Ben Keys'), await Person.register(server.url, 'Chiara Keys')];
    await anna.send(await anna.openDirect(ben), 'To Ben');
    await anna.send(await anna.openDirect(chiara), 'To Chiara');
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, server.url, anna);
    const link = (name: string) => page.getByRole('link', { name: new RegExp(name) });
    const focused = (locator: ReturnType<typeof link>) => expect.poll(() => locator.evaluate((element) => element === document.activeElement)).toBe(true);
    await link('Chiara Keys').focus();
    await page.keyboard.press('ArrowDown');
    await focused(link('Ben Keys'));
    await page.keyboard.press('Enter');
    await shown(page, 'To Ben').waitFor();
    await focused(composer(page));
    await page.keyboard.press('Escape');
    await focused(link('Ben Keys'));

    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: 'Find people and chats' });
    await focused(box);
    await page.keyboard.type('chiara k');
    await page.getByRole('option', { name: /Chiara Keys/ }).waitFor();
    await page.keyboard.press('Enter');
    await shown(page, 'To Chiara').waitFor();
    await focused(composer(page));
    await page.keyboard.press('Alt+ArrowDown');
    await shown(page, 'To Ben').waitFor();
    await page.keyboard.type('one');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('two');
    await page.keyboard.press('Enter');
    await messages(page).getByText('one\ntwo').waitFor();
    await context.close();
  });

  test('a draft survives a reload and not a logout', async () => {
    const { anna, chatId } = await twoPeople(server.url, 'Draft');
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, server.url, anna, `/app/chat/${chatId}`);
    await composer(page).fill('half a thought');
    await page.waitForTimeout(500);
    await page.reload();
    await composer(page).waitFor();
    expect(await composer(page).inputValue()).toBe('half a thought');

    await page.goto(`${server.url}/app/settings`);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('caravan.draft.')))).toEqual([]);
    await context.close();
  });

  test('a group is founded, named and populated', async () => {
    const people = await Promise.all(['Anna Group', 'Ben Group', 'Chiara Group'].map((name) => Person.register(server.url, name)));
    const [anna, ben, chiara] = people as [Person, Person, Person];
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, server.url, anna, '/app/new/group');
    await page.getByLabel('Group name').fill('Map readers');
    for (const other of [ben, chiara]) {
      await page.getByRole('searchbox', { name: 'Find people to add' }).fill(other.username);
      // The list of before goes when the answer comes; a click in between would miss.
      await expect.poll(() => page.getByRole('checkbox').count()).toBe(1);
      await page.getByRole('checkbox', { name: other.displayName }).check({ force: true });
    }
    await page.getByRole('button', { name: 'Create group' }).click();
    await send(page, 'Welcome all');
    await waitForState(page, 'Welcome all', 'Sent');
    await page.getByRole('link', { name: 'Group info' }).click();
    for (const other of people) await page.getByRole('complementary', { name: 'Group info' }).getByText(other.displayName, { exact: true }).waitFor();
    await context.close();
  });
});
