import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { login, newContext, readWhole, send, shown, twoPages, twoPeople, waitForState } from './app';
import { describeInBrowser, launch } from './browser';
import { Network } from './network';
import { Server } from './server';

/** Seconds a tab sleeps: longer than the lease, which is the server's own 60 s. */
const sleep = 65;

// Beside each other: one of them sleeps.
describeInBrowser('after an interruption', () => {
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

  test.concurrent('a killed server leaves both with the same, complete conversation', async ({ onTestFinished }) => {
    const mortal = await Server.start();
    onTestFinished(() => mortal.end());
    const { anna, chatId, hers, his, close } = await twoPages(browser, mortal.url, 'Kill');
    await send(hers, 'Before, from her');
    await send(his, 'Before, from him');
    await shown(his, 'Before, from her').waitFor();
    await shown(hers, 'Before, from him').waitFor();

    // Killed in the middle of a burst; what is written while it is down waits.
    for (let index = 1; index <= 5; index += 1) await send(hers, `Burst ${index}`);
    await mortal.kill();
    await send(hers, 'Meanwhile, from her');
    await send(his, 'Meanwhile, from him');
    await shown(hers, 'Meanwhile, from her').waitFor();
    await hers.waitForTimeout(1500);
    await mortal.launch();

    // Long enough for the longest pause between two attempts.
    await shown(his, 'Meanwhile, from her').waitFor({ timeout: 60_000 });
    await shown(hers, 'Meanwhile, from him').waitFor({ timeout: 60_000 });
    await send(hers, 'The last word');
    await shown(his, 'The last word').waitFor();
    await waitForState(hers, 'The last word', 'Read');

    const history = await anna.history(chatId);
    expect(new Set(history).size).toBe(history.length);
    expect([...history].sort()).toEqual([
      'The first word', 'Before, from her', 'Before, from him', 'Meanwhile, from her', 'Meanwhile, from him', 'The last word',
      ...[1, 2, 3, 4, 5].map((index) => `Burst ${index}`),
    ].sort());
    expect(await readWhole(hers)).toEqual(history);
    expect(await readWhole(his)).toEqual(history);
    await close();
  });

  test.concurrent('a tab that slept for longer than its lease catches up, once', async ({ onTestFinished }) => {
    const network = await Network.to(server.port);
    onTestFinished(() => network.end());
    const { anna, ben, chatId } = await twoPeople(server.url, 'Asleep', 'The first word');
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, network.url, ben, `/app/chat/${chatId}`);
    await shown(page, 'The first word').waitFor();

    // As a laptop does when it is shut: the page stops, and its connections are gone.
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    network.cut();
    await anna.sendAll(chatId, Array.from({ length: 25 }, (_, index) => `While asleep ${index + 1}`));
    await new Promise((resolve) => setTimeout(resolve, sleep * 1000));
    let heads = 0;
    page.on('requestfinished', (request) => new URL(request.url()).pathname === '/chat/heads' && (heads += 1));
    network.mend();
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await anna.send(chatId, 'Awake');
    await page.waitForFunction(() => document.body.textContent?.includes('Awake'), null, { timeout: 90_000 });
    expect(await readWhole(page)).toEqual(await anna.history(chatId));
    // The lease ran out, and its epoch with it: a new run, and no second one.
    expect(heads, 'catch-up runs').toBe(1);
    await context.close();
  });

  test.concurrent('a network that was away is made up for', async ({ expect }) => {
    const { anna, ben, chatId, his, close } = await twoPages(browser, server.url, 'Offline');
    await his.context().setOffline(true);
    await his.getByText('You’re offline.').waitFor();
    await send(his, 'Written offline');
    await waitForState(his, 'Written offline', 'Sending');
    await anna.sendAll(chatId, Array.from({ length: 15 }, (_, index) => `While away ${index + 1}`));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await his.context().setOffline(false);
    await his.getByText('You’re offline.').waitFor({ state: 'detached', timeout: 90_000 });
    await his.waitForFunction(() => document.body.textContent?.includes('While away 15'), null, { timeout: 90_000 });
    await expect.poll(() => ben.history(chatId), { timeout: 60_000 }).toContain('Written offline');
    await expect.poll(() => readWhole(his), { timeout: 60_000 }).toEqual(await ben.history(chatId));
    await close();
  });

  test.concurrent('a refused message says so, and can be sent again or discarded', async () => {
    const { chatId, hers, his, close } = await twoPages(browser, server.url, 'Refused');
    const refuse = `**/chat/${chatId}`;
    await hers.route(refuse, (route) => (route.request().method() !== 'POST' ? route.fallback() : route.fulfill({
      status: 403, contentType: 'application/problem+json',
      body: JSON.stringify({ type: '/problems/blocked', title: 'Blocked', status: 403, detail: 'Not now.' }),
    })));
    await send(hers, 'Please take this');
    await waitForState(hers, 'Please take this', 'Not sent');
    await send(hers, 'And not this');
    await waitForState(hers, 'And not this', 'Not sent');
    await hers.unroute(refuse);

    const row = (text: string) => hers.getByRole('listitem').filter({ has: hers.getByText(text, { exact: true }) });
    await row('And not this').getByRole('button', { name: 'Discard' }).click();
    await shown(hers, 'And not this').waitFor({ state: 'detached' });
    await row('Please take this').getByRole('button', { name: 'Retry' }).click();
    await shown(his, 'Please take this').waitFor();
    await waitForState(hers, 'Please take this', 'Read');
    await close();
  });
});
