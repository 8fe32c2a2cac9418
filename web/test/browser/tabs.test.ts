import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from './api';
import { login, newContext, send, shown } from './app';
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
    const [anna, ben] = [await Person.register(server.url, 'Anna Tabs'), await Person.register(server.url, 'Ben Tabs')];
    const chatId = await anna.openDirect(ben);
    await anna.send(chatId, 'To both tabs');
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
