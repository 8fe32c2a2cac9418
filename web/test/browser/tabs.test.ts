import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { password, Person } from './api';
import { composer, login, newContext, send, shown, twoPeople } from './app';
import { describeInBrowser, launch } from './browser';
import { Server } from './server';

describeInBrowser('two tabs of one browser', () => {
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

  test('share one stream and one refresh', async () => {
    const { anna, ben, chatId } = await twoPeople(server.url, 'Tabs', 'To both tabs');
    const context = await newContext(browser);

    const open = new Set<Request>();
    let refreshes = 0;
    const path = (request: Request) => new URL(request.url()).pathname;
    context.on('request', (request) => {
      if (path(request) === '/stream') open.add(request);
      if (path(request) === '/token') refreshes += 1;
    });
    context.on('requestfinished', (request) => open.delete(request));
    context.on('requestfailed', (request) => open.delete(request));

    const first = await context.newPage();
    await login(first, server.url, ben, `/app/chat/${chatId}`);
    await shown(first, 'To both tabs').waitFor();
    const second = await context.newPage();
    await second.goto(`${server.url}/app/chat/${chatId}`);
    await shown(second, 'To both tabs').waitFor();

    await anna.send(chatId, 'Live in both');
    for (const page of [first, second]) await shown(page, 'Live in both').waitFor();
    expect(open.size, 'open streams').toBe(1);
    await send(second, 'From the second');
    await shown(first, 'From the second').waitFor();

    // The access token "expires" for everybody at once: whoever asks next is sent away with it.
    const before = refreshes;
    let old: string | undefined;
    await context.route((url) => url.origin === server.url && url.pathname.startsWith('/chat'), async (route) => {
      const token = await route.request().headerValue('authorization');
      old ??= token ?? undefined;
      if (token === null || token !== old) return route.fallback();
      return route.fulfill({
        status: 401, contentType: 'application/problem+json',
        body: JSON.stringify({ type: '/problems/unauthorized', title: 'Unauthorized', status: 401, detail: 'The token has expired.' }),
      });
    });
    await Promise.all([send(first, 'One, after the expiry'), send(second, 'Two, after the expiry')]);
    await expect.poll(() => anna.history(chatId), { timeout: 30_000 }).toEqual(expect.arrayContaining(['One, after the expiry', 'Two, after the expiry']));
    expect(refreshes - before, 'refreshes').toBe(1);

    // The tab with the stream goes; the other takes over.
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await first.close();
    await anna.send(chatId, 'For the one that stayed');
    await shown(second, 'For the one that stayed').waitFor({ timeout: 60_000 });
    await context.close();
  });

  test('that know nothing of each other do not fight for the stream: it is where their user is', async () => {
    const { anna, ben, chatId } = await twoPeople(server.url, 'Apart', 'To both tabs');
    const context = await newContext(browser);
    // As in a browser without Web Locks.
    await context.addInitScript(() => void delete (Navigator.prototype as { locks?: unknown }).locks);
    let streams = 0;
    context.on('request', (request) => new URL(request.url()).pathname === '/stream' && (streams += 1));
    const elsewhere = (page: Page) => page.getByText('Caravan is in use in another window.');

    const first = await context.newPage();
    await login(first, server.url, ben, `/app/chat/${chatId}`);
    await shown(first, 'To both tabs').waitFor();
    const second = await context.newPage();
    await second.goto(`${server.url}/app/chat/${chatId}`);
    await shown(second, 'To both tabs').waitFor();
    await elsewhere(first).waitFor();
    const before = streams;
    await anna.send(chatId, 'For the second');
    await shown(second, 'For the second').waitFor();
    // Longer than the longest pause after another end of the stream.
    await first.waitForTimeout(3_500);
    expect(streams, 'streams opened').toBe(before);
    expect(await shown(first, 'For the second').isVisible()).toBe(false);

    await composer(first).click();
    await shown(first, 'For the second').waitFor();
    await elsewhere(first).waitFor({ state: 'detached' });
    await elsewhere(second).waitFor();
    expect(streams, 'streams opened').toBe(before + 1);
    await context.close();
  });

  test('a log-in outlives a page that is left the moment the form has gone', async () => {
    const anna = await Person.register(server.url, 'Anna Hurry');
    for (let round = 1; round <= 5; round += 1) {
      const context = await newContext(browser);
      const page = await context.newPage();
      await page.goto(server.url);
      await page.getByLabel('Password', { exact: true }).waitFor();
      await page.evaluate(() => {
        new MutationObserver(() => {
          if (!document.querySelector('input[type="password"]')) location.assign('/app/new');
        }).observe(document.body, { childList: true, subtree: true });
      });
      await page.getByLabel('Username').fill(anna.username);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('searchbox', { name: 'Find people' }).waitFor();
      await context.close();
    }
  });

  test('a logout in one logs out the other', async () => {
    const anna = await Person.register(server.url, 'Anna Leaves');
    const context = await newContext(browser);
    const [first, second] = [await context.newPage(), await context.newPage()];
    await login(first, server.url, anna, '/app/settings');
    await second.goto(server.url);
    await second.getByRole('navigation', { name: 'Chats' }).waitFor();
    await first.getByRole('button', { name: 'Log out' }).click();
    for (const page of [first, second]) await page.getByRole('button', { name: 'Log in' }).waitFor();
    await context.close();
  });
});
