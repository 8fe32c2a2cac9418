// The emulators, the SDK as a script of its own, and pages that hide.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { emulatorsMissing } from '../../../Tests/Support/firebase-emulators.mjs';
import { describeInBrowser } from './browser';

const reason = emulatorsMissing();
if (reason) console.warn(`Firestore tests are skipped: ${reason}.`);

/** Like `describeInBrowser`; everything in it counts as skipped where there are no emulators. */
export const describeWithFirestore = reason === null ? describeInBrowser : describeInBrowser.skip;

/** A script that leaves the SDK behind as `window.sdk`. */
export async function sdkScript(): Promise<string> {
  const entry = fileURLToPath(new URL('./sdk.ts', import.meta.url));
  const result = await build({
    configFile: false, logLevel: 'error', publicDir: false,
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'sdk' } },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && 'output' in output ? output.output[0] : null;
  if (!chunk || !('code' in chunk)) throw new Error('the SDK was not bundled');
  return `${chunk.code};window.sdk = sdk;`;
}

/** A page with nothing on it, from this machine: browsers keep others from talking to it. */
export function blankPage(): Promise<{ url: string; end: () => void }> {
  const server = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>'));
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, end: () => server.close() })));
}

/** A custom token as Firebase's emulator takes it: signed by nobody. */
export function customToken(uid: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const aud = 'https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit';
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ aud, iss: 'test', sub: 'test', iat: now, exp: now + 3600, uid })}.`;
}

/** Makes the pages of a context believe `hide` and `show`: a browser without windows hides none. */
export async function canHide(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const state = window as unknown as { hidden_: boolean };
    state.hidden_ = false;
    Object.defineProperty(document, 'visibilityState', { get: () => (state.hidden_ ? 'hidden' : 'visible') });
    Object.defineProperty(document, 'hidden', { get: () => state.hidden_ });
  });
}

const turn = (page: Page, hidden: boolean) =>
  page.evaluate((value) => {
    (window as unknown as { hidden_: boolean }).hidden_ = value;
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

const attention = (page: Page, method: string) =>
  page.waitForResponse((response) => response.request().method() === method && new URL(response.url()).pathname.startsWith('/attention/') && response.ok());

/** Returns when the server has taken the lease back. */
export async function hide(page: Page): Promise<void> {
  await Promise.all([attention(page, 'DELETE'), turn(page, true)]);
}

/** Returns when the lease is taken again. */
export async function show(page: Page): Promise<void> {
  await Promise.all([attention(page, 'PUT'), turn(page, false)]);
}

/** Which pages of the context have listened to Firestore, and how many streams were opened. */
export function channels(context: BrowserContext): { listeners: Set<Page>; streams: number } {
  const seen = { listeners: new Set<Page>(), streams: 0 };
  context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/stream') seen.streams += 1;
    if (request.url().includes('/Listen/channel')) seen.listeners.add(request.frame().page());
  });
  return seen;
}
