// The Firestore channel as it is used: Google's emulators, the real server, real browsers, and a proxy that counts what is written.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Emulators, project } from '../../../Tests/Support/firebase-emulators.mjs';
import { FirestoreProxy } from '../../../Tests/Support/firestore-proxy.mjs';
import { desktop, login, messages, newContext, phone, readWhole, send, shown, twoPeople, waitForState } from './app';
import { launch, violations } from './browser';
import { blankPage, canHide, channels, customToken, describeWithFirestore, hide, sdkScript, show } from './firestore';
import type { Ask } from './sdk';
import { Server } from './server';

/** Messages to somebody whose tab is hidden; `CARAVAN_BURST=1000` for the full form. */
const BURST = Number(process.env.CARAVAN_BURST ?? 300);
const FULL = process.env.CARAVAN_BURST !== undefined;

describeWithFirestore('the rules of Firestore', () => {
  let emulators: Emulators;
  let browser: Browser;
  let sdk: string;
  let blank: { url: string; end: () => void };
  beforeAll(async () => {
    [emulators, browser, sdk, blank] = await Promise.all([Emulators.start(), launch(), sdkScript(), blankPage()]);
  });
  afterAll(async () => {
    await browser?.close();
    blank?.end();
    await emulators?.end();
  });

  async function tryAs(token: string | null): Promise<Record<string, string>> {
    const page = await browser.newPage();
    await page.goto(blank.url);
    await page.evaluate(sdk);
    const ask: Ask = { project, firestore: emulators.firestore.address, auth: emulators.auth.address, token, user: 'anna' };
    const outcomes = await page.evaluate((a) => (window as unknown as { sdk: { tryAll: (ask: Ask) => Promise<Record<string, string>> } }).sdk.tryAll(a), ask);
    await page.close();
    return outcomes;
  }
  const nothing = Object.fromEntries(['get', 'listen', 'list', 'query', 'write', 'delete', 'below', 'elsewhere'].map((name) => [name, 'permission-denied']));

  test('let the owner read the mailbox, and do nothing else', async () => {
    expect(await tryAs(customToken('anna'))).toEqual({ ...nothing, get: 'ok', listen: 'ok' });
  });

  test('let nobody else do anything', async () => {
    expect(await tryAs(customToken('ben'))).toEqual(nothing);
    expect(await tryAs(null)).toEqual(nothing);
  });
});

describeWithFirestore('the Firestore channel', () => {
  let emulators: Emulators;
  let proxy: FirestoreProxy;
  let server: Server;
  let browser: Browser;
  beforeAll(async () => {
    [emulators, browser] = await Promise.all([Emulators.start(), launch()]);
    proxy = await FirestoreProxy.to(emulators.firestore.address);
    server = await Server.start(serving());
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end();
    proxy?.end();
    await emulators?.end();
  });

  const serving = () => ['--firebase', emulators.firebaseFile({ firestore: proxy.address })];

  /** Two people, each with the chat open in a browser of their own whose tab can hide. */
  async function two(name: string, on = server) {
    const pair = await twoPeople(on.url, name, 'The first word');
    const contexts = await Promise.all([newContext(browser), newContext(browser)]);
    for (const context of contexts) await canHide(context);
    const seen = contexts.map(channels);
    const complaints: string[] = [];
    const [hers, his] = [await contexts[0].newPage(), await contexts[1].newPage()];
    for (const page of [hers, his]) {
      page.on('console', (message) => /Content Security Policy|violates/.test(message.text()) && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
    }
    for (const [page, person] of [[hers, pair.anna], [his, pair.ben]] as const) {
      await Promise.all([
        page.waitForResponse((response) => response.url().includes('/Listen/channel')),
        login(page, on.url, person, `/app/chat/${pair.chatId}`).then(() => shown(page, 'The first word').waitFor()),
      ]);
    }
    return { ...pair, hers, his, seen, complaints, hisContext: contexts[1], close: () => Promise.all(contexts.map((context) => context.close())) };
  }
  const box = (person: { id: string }) => `mailboxes/${person.id}`;
  const heads = (page: import('playwright-core').Page) => {
    const count = { heads: 0 };
    page.on('request', (request) => new URL(request.url()).pathname === '/chat/heads' && (count.heads += 1));
    return count;
  };

  test('carries a chat as the stream does, and no stream is opened', async () => {
    const { anna, ben, hers, his, seen, complaints, close } = await two('Chat');
    await send(hers, 'Hello Ben');
    await shown(his, 'Hello Ben').waitFor();
    await send(his, 'Hello Anna');
    await shown(hers, 'Hello Anna').waitFor();
    // What he has read comes with his answer; a receipt alone is worth no write.
    await send(his, 'And how are you?');
    await shown(hers, 'And how are you?').waitFor();
    await waitForState(hers, 'Hello Ben', 'Read');
    for (let round = 1; round <= 3; round += 1) {
      await send(hers, `Her ${round}`);
      await shown(his, `Her ${round}`).waitFor();
      await send(his, `His ${round}`);
      await shown(hers, `His ${round}`).waitFor();
    }
    const fields = await emulators.firestore.document(box(ben));
    expect(Object.keys(fields ?? {}).sort()).toEqual(['epoch', 'first', 'news', 'reads', 'seq']);
    expect(proxy.writesTo(box(anna)).length).toBeGreaterThan(0);
    expect(proxy.otherWrites).toBe(0);
    expect(seen.map(({ streams }) => streams)).toEqual([0, 0]);
    expect(complaints).toEqual([]);
    await close();
  });

  test('is one listener for all tabs of a browser', async () => {
    const { anna, chatId, his, hisContext, seen, close } = await two('Tabs');
    const second = await hisContext.newPage();
    await second.goto(`${server.url}/app/chat/${chatId}`);
    await shown(second, 'The first word').waitFor();
    await anna.send(chatId, 'To both tabs');
    for (const page of [his, second]) await shown(page, 'To both tabs').waitFor();
    expect([...seen[1]!.listeners]).toEqual([his]);
    // The tab with the listener goes; the other takes over.
    await his.close();
    await anna.send(chatId, 'To the one that stayed');
    await shown(second, 'To the one that stayed').waitFor({ timeout: 30_000 });
    await expect.poll(() => seen[1]!.listeners.has(second), { timeout: 20_000 }).toBe(true);
    await close();
  });

  test(`${BURST} messages to somebody whose tab is hidden cost no write, and all are there on return`, async () => {
    const { anna, chatId, hers, his, seen, close } = await two('Hidden');
    await hide(his);
    await hide(hers);
    const before = proxy.writes.length;
    await anna.sendAll(chatId, Array.from({ length: BURST }, (_, index) => `Unseen ${index + 1}`));
    expect(proxy.writes.slice(before).map(({ document }) => document)).toEqual([]);
    await show(his);
    await shown(his, `Unseen ${BURST}`).waitFor();
    await anna.send(chatId, 'Seen');
    await shown(his, 'Seen').waitFor();
    console.info(`${BURST} messages to a hidden tab: 0 writes, and ${proxy.writes.length - before} for the one after the return`);
    expect(await readWhole(his)).toEqual(await anna.history(chatId));
    expect(seen[1]!.streams).toBe(0);
    await close();
  }, 300_000);

  test('twenty quick messages to somebody who looks are few writes, and leave no gap', async () => {
    const { anna, ben, chatId, his, close } = await two('Quick');
    const asked = heads(his);
    const before = proxy.writesTo(box(ben)).length;
    await anna.sendAll(chatId, Array.from({ length: 20 }, (_, index) => `Quick ${index + 1}`));
    await shown(his, 'Quick 20').waitFor();
    const writes = proxy.writesTo(box(ben)).length - before;
    console.info(`20 quick messages: ${writes} writes`);
    expect(writes).toBeGreaterThan(0);
    expect(writes).toBeLessThanOrEqual(6);
    expect(await readWhole(his)).toEqual(await anna.history(chatId));
    expect(asked.heads, 'catch-up runs').toBe(0);
    await close();
  });

  test('a burst too large for a document comes whole', async () => {
    const { anna, ben, chatId, his, close } = await two('Large');
    const release = proxy.hold();
    const long = 'words that go on and on '.repeat(20);
    await anna.send(chatId, 'Held back');
    await proxy.written(({ document }) => document === box(ben));
    await anna.sendAll(chatId, Array.from({ length: 30 }, (_, index) => `${index + 1}: ${long}`.trimEnd()));
    release();
    await shown(his, `30: ${long}`.trimEnd()).waitFor();
    const stubbed = proxy.writesTo(box(ben)).some(({ write }) => write.update?.fields.news?.stringValue?.includes('"fetch":true'));
    expect(stubbed, 'a document with stubs').toBe(true);
    await expect.poll(() => readWhole(his), { timeout: 30_000 }).toEqual(await anna.history(chatId));
    await close();
  });

  test('an emulator that is killed and started again leaves complete conversations', async ({ onTestFinished }) => {
    // One that nobody else uses: it believes in Firestore again only after a while.
    const shaken = await Server.start(serving());
    onTestFinished(() => shaken.end());
    const { anna, ben, chatId, hers, his, seen, close } = await two('Outage', shaken);
    await send(hers, 'Before the outage');
    await shown(his, 'Before the outage').waitFor();
    await emulators.firestore.kill();
    onTestFinished(() => emulators.firestore.restart());
    const killed = Date.now();
    await send(hers, 'Firestore is away, she says');
    await send(his, 'Firestore is away, he says');
    // Both browsers notice that they are cut off, and take the stream.
    for (const { streams } of seen) expect(streams).toBe(0);
    await shown(his, 'Firestore is away, she says').waitFor({ timeout: 60_000 });
    await shown(hers, 'Firestore is away, he says').waitFor({ timeout: 60_000 });
    await expect.poll(() => seen.every(({ streams }) => streams > 0), { timeout: 60_000 }).toBe(true);
    console.info(`on the stream ${Math.round((Date.now() - killed) / 100) / 10} s after Firestore was lost`);
    await send(hers, 'By the stream, she says');
    await shown(his, 'By the stream, she says').waitFor();
    await emulators.firestore.start();
    const back = proxy.writes.length;
    await send(his, 'It is back, he says');
    await shown(hers, 'It is back, he says').waitFor();
    // And they find the way back by themselves: in a minute, or when the server believes in Firestore again, in some.
    if (FULL) {
      await expect.poll(async () => {
        await anna.send(chatId, 'Is this in a document?');
        return proxy.writes.slice(back).some(({ document }) => document === box(ben));
      }, { timeout: 400_000, interval: 5_000 }).toBe(true);
    }
    await send(hers, 'The last word');
    await shown(his, 'The last word').waitFor();
    const history = await anna.history(chatId);
    for (const page of [hers, his]) expect(await readWhole(page)).toEqual(history);
    await close();
  }, 600_000);

  test('a killed server leaves both with the same, complete conversation', async () => {
    const { anna, ben, chatId, hers, his, seen, close } = await two('Kill');
    await send(hers, 'Before, from her');
    await shown(his, 'Before, from her').waitFor();
    for (let index = 1; index <= 5; index += 1) await send(hers, `Burst ${index}`);
    await server.kill();
    await send(hers, 'Meanwhile, from her');
    await send(his, 'Meanwhile, from him');
    await shown(hers, 'Meanwhile, from her').waitFor();
    const before = proxy.writes.length;
    await server.launch();
    // Who still looks is told of the new epoch at once, by a document with nothing in it.
    await proxy.written(({ document, write }) => document === box(ben) && write.update?.fields.news?.stringValue === '[]', { since: before });
    await shown(his, 'Meanwhile, from her').waitFor({ timeout: 60_000 });
    await shown(hers, 'Meanwhile, from him').waitFor({ timeout: 60_000 });
    await send(hers, 'The last word');
    await shown(his, 'The last word').waitFor();
    const history = await anna.history(chatId);
    expect(new Set(history).size).toBe(history.length);
    expect(history).toHaveLength(10);
    for (const page of [hers, his]) expect(await readWhole(page)).toEqual(history);
    expect(seen.map(({ streams }) => streams)).toEqual([0, 0]);
    await close();
  }, 240_000);

  test('with the budget spent the stream serves, and nothing is lost', async ({ onTestFinished }) => {
    const poor = await Server.start([...serving(), '--budget', '0.000001/day', '--free-quota', 'off']);
    onTestFinished(() => poor.end());
    const { anna, ben, chatId } = await twoPeople(poor.url, 'Poor', 'The first word');
    const context = await newContext(browser);
    const seen = channels(context);
    const page = await context.newPage();
    await login(page, poor.url, ben, `/app/chat/${chatId}`);
    await shown(page, 'The first word').waitFor();
    const before = proxy.writes.length;
    await anna.sendAll(chatId, ['One', 'Two', 'Three']);
    await shown(page, 'Three').waitFor();
    await expect.poll(() => seen.streams).toBe(1);
    expect(proxy.writes.slice(before).filter(({ document }) => document === box(ben)).length).toBeLessThanOrEqual(1);
    expect(await readWhole(page)).toEqual(await anna.history(chatId));
    await context.close();
  });

  test('admins find the bill in the settings, others do not', async () => {
    const { anna, ben, chatId } = await twoPeople(server.url, 'Bill', 'The first word');
    await promisify(execFile)(process.env.CARAVAN_BIN!, ['admin', 'grant', '--data', server.data, anna.username]);
    for (const form of [desktop, phone]) {
      for (const scheme of ['light', 'dark'] as const) {
        const context = await newContext(browser, form, scheme);
        const page = await context.newPage();
        await login(page, server.url, anna, '/app/settings');
        await page.getByRole('link', { name: 'What it costs' }).click();
        await page.getByRole('heading', { name: 'The same traffic, designed otherwise' }).waitFor();
        await page.getByText('The same as a table').click();
        await page.waitForTimeout(500);
        expect(await violations(page), `${form.name}, ${scheme}`).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wide, 'scrolls sideways').toBeLessThanOrEqual(0);
        await context.close();
      }
    }
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, server.url, ben, '/app/settings');
    await page.getByRole('heading', { name: 'This device' }).waitFor();
    expect(await page.getByRole('link', { name: 'What it costs' }).isVisible()).toBe(false);
    await page.goto(`${server.url}/app/bill`);
    await page.getByText('This is for admins only.').waitFor();
    await page.goto(`${server.url}/app/chat/${chatId}`);
    await messages(page).waitFor();
    await context.close();
  });
});
