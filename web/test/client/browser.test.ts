// @vitest-environment node
// The library in a real browser: its store, its locks, its channel, its streams, under a strict content security policy. Runs where
// `CHROMIUM` names an executable.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caravan } from '../../src/client';
import { FakeServer } from './fake/fakeServer';

const executablePath = process.env.CHROMIUM;

declare global {
  interface Window {
    caravan: Caravan;
    problems: string[];
  }
}

const START = `
import { createCaravan } from '/client.js';
window.problems = [];
addEventListener('securitypolicyviolation', (e) => window.problems.push(e.violatedDirective));
addEventListener('unhandledrejection', (e) => window.problems.push(String(e.reason)));
window.caravan = createCaravan();
const c = window.caravan.conversation('c1');
c.view.subscribe(() => {});
c.open();
`;

async function bundle(): Promise<string> {
  const lib = { entry: 'src/client/index.ts', formats: ['es' as const], fileName: 'client' };
  const output = (await build({ configFile: false, publicDir: false, logLevel: 'error', build: { write: false, lib } })) as Rollup.RollupOutput[];
  return output[0]?.output[0].code ?? '';
}

function serve(fake: () => FakeServer, files: ReadonlyMap<string, { type: string; text: string }>): Server {
  return createServer(async (request, response) => {
    const file = files.get(request.url ?? '');
    if (file) {
      response.writeHead(200, { 'Content-Type': file.type, 'Content-Security-Policy': "default-src 'self'" });
      return void response.end(file.text);
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const body = Buffer.concat(chunks).toString();
    const init = { method: request.method ?? 'GET', headers: request.headers as Record<string, string>, signal: gone.signal, ...(body ? { body } : {}) };
    try {
      const answer = await fake().fetch(request.url ?? '', init);
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.flushHeaders();
      for await (const part of answer.body ?? []) response.write(part);
      response.end();
    } catch {
      response.destroy();
    }
  });
}

describe.skipIf(!executablePath)('in a browser', () => {
  let fake: FakeServer;
  let server: Server;
  let browser: Browser;
  let context: BrowserContext;
  let address: string;

  beforeAll(async () => {
    const files = new Map([
      ['/', { type: 'text/html', text: '<!doctype html><meta charset="utf-8"><title>t</title><script type="module" src="/start.js"></script>' }],
      ['/start.js', { type: 'text/javascript', text: START }],
      ['/client.js', { type: 'text/javascript', text: await bundle() }],
      ['/favicon.ico', { type: 'image/png', text: '' }],
    ]);
    server = serve(() => fake, files);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });
  beforeEach(async () => {
    fake = new FakeServer();
    for (const name of ['ann', 'bob']) fake.addUser(name);
    fake.addChat('c1', ['u-ann', 'u-bob']);
    context = await browser.newContext();
  });
  afterEach(() => context.close());

  async function page(): Promise<Page> {
    const p = await context.newPage();
    await p.goto(address);
    await p.waitForFunction(() => window.caravan !== undefined);
    return p;
  }
  const login = (p: Page) => p.evaluate(async () => void (await window.caravan.login('ann', 'secret')));
  const rows = (p: Page) => p.evaluate(() => window.caravan.conversation('c1').view.get().messages.map((m) => `${m.text} ${m.state}`));
  const status = (p: Page) => p.evaluate(() => window.caravan.conversation('c1').view.get().status);
  const send = (p: Page, text: string) => p.evaluate((t) => window.caravan.conversation('c1').send(t), text);
  const until = <T>(read: () => Promise<T>, value: T) => vi.waitFor(async () => expect(await read()).toEqual(value), { timeout: 10_000, interval: 50 });

  it('keeps chats, session and outbox over a reload, also while nothing answers', async () => {
    const p = await page();
    await login(p);
    await until(() => status(p), 'live');
    fake.say('c1', 'u-bob', 'hello');
    await until(() => rows(p), ['hello sent']);
    fake.intercept = () => null;
    await send(p, 'later');
    await new Promise((resolve) => setTimeout(resolve, 800));
    await p.reload();
    await until(() => rows(p), ['hello sent', 'later sending']);
    expect(await status(p)).toBe('cached');
    fake.intercept = () => undefined;
    await until(() => rows(p), ['hello sent', 'later sent']);
    expect(fake.chats.get('c1')?.messages).toHaveLength(2);
    expect(await p.evaluate(() => window.problems)).toEqual([]);
  }, 40_000);

  it('shares one stream between tabs, and hands over when the leader closes', async () => {
    const first = await page();
    await login(first);
    await until(() => status(first), 'live');
    const second = await page();
    await until(() => status(second), 'live');
    expect(fake.streams.size).toBe(1);
    await send(second, 'one');
    await until(() => rows(first), ['one sent']);
    await until(() => rows(second), ['one sent']);
    await first.close();
    await send(second, 'two');
    await until(() => rows(second), ['one sent', 'two sent']);
    fake.say('c1', 'u-bob', 'three');
    await until(() => rows(second), ['one sent', 'two sent', 'three sent']);
    await until(async () => fake.streams.size, 1);
    expect(fake.chats.get('c1')?.messages).toHaveLength(3);
    expect(await second.evaluate(() => window.problems)).toEqual([]);
  }, 40_000);

  it('refreshes once for all tabs, and leaves nothing behind at log-out', async () => {
    const [first, second] = [await page(), await page()];
    await login(first);
    await until(() => status(second), 'live');
    fake.expireTokens();
    const find = (p: Page) => p.evaluate(async () => (await window.caravan.findUsers('b')).users.length);
    expect(await Promise.all([find(first), find(second), find(first)])).toEqual([2, 2, 2]);
    expect(fake.made('POST', /^\/token/)).toHaveLength(1);
    await send(first, 'x');
    await until(() => rows(second), ['x sent']);
    await second.evaluate(() => window.caravan.logout());
    await until(() => first.evaluate(() => window.caravan.me.get()), null);
    await new Promise((resolve) => setTimeout(resolve, 800));
    const left = await first.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const r = indexedDB.open('caravan');
        r.onsuccess = () => resolve(r.result);
        r.onerror = () => reject(r.error);
      });
      const names = [...db.objectStoreNames];
      const t = db.transaction(names);
      const keys = names.map((n) => new Promise<unknown>((resolve) => (t.objectStore(n).getAllKeys().onsuccess = (e) => resolve((e.target as IDBRequest).result))));
      return Promise.all(keys);
    });
    expect(left.flat()).toEqual(['device']);
  }, 40_000);
});
