import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from './api';
import { login, newContext, readWhole, send, shown, waitForState } from './app';
import { describeInBrowser, launch } from './browser';
import { Server } from './server';

/** Seconds a tab sleeps; longer than the lease where patience allows. */
const sleep = Number(process.env.CARAVAN_SLEEP_SECONDS ?? '10');

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

  async function twoPeople(name: string) {
    const [anna, ben] = [await Person.register(server.url, `Anna ${name}`), await Person.register(server.url, `Ben ${name}`)];
    const chatId = await anna.openDirect(ben);
    await anna.send(chatId, 'The first word');
    const contexts = await Promise.all([newContext(browser), newContext(browser)]);
    const [hers, his] = [await contexts[0].newPage(), await contexts[1].newPage()];
    await login(hers, server.url, anna, `/app/chat/${chatId}`);
    await login(his, server.url, ben, `/app/chat/${chatId}`);
    for (const page of [hers, his]) await shown(page, 'The first word').waitFor();
    return { anna, ben, chatId, hers, his, close: () => Promise.all(contexts.map((context) => context.close())) };
  }

  test('a killed server leaves both with the same, complete conversation', async () => {
    const { anna, chatId, hers, his, close } = await twoPeople('Kill');
    await send(hers, 'Before, from her');
    await send(his, 'Before, from him');
    await shown(his, 'Before, from her').waitFor();
    await shown(hers, 'Before, from him').waitFor();

    // Killed in the middle of a burst; what is written while it is down waits.
    for (let index = 1; index <= 5; index += 1) await send(hers, `Burst ${index}`);
    await server.kill();
    await send(hers, 'Meanwhile, from her');
    await send(his, 'Meanwhile, from him');
    await shown(hers, 'Meanwhile, from her').waitFor();
    await hers.waitForTimeout(1500);
    await server.launch();

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

  test('a tab that was frozen catches up', async () => {
    const { anna, chatId, his, close } = await twoPeople('Frozen');
    const session = await his.context().newCDPSession(his);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await anna.sendAll(chatId, Array.from({ length: 25 }, (_, index) => `While asleep ${index + 1}`));
    await new Promise((resolve) => setTimeout(resolve, sleep * 1000));
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await anna.send(chatId, 'Awake');
    await his.waitForFunction(() => document.body.textContent?.includes('Awake'), null, { timeout: 90_000 });
    expect(await readWhole(his)).toEqual(await anna.history(chatId));
    await close();
  });

  test('a network that was away is made up for', async () => {
    const { anna, ben, chatId, his, close } = await twoPeople('Offline');
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

  test('a refused message says so, and can be sent again or discarded', async () => {
    const { chatId, hers, his, close } = await twoPeople('Refused');
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
