// The app as somebody uses it: by roles and names.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { password, Person } from './api';

export interface Form {
  name: 'desktop' | 'phone';
  viewport: { width: number; height: number };
}

export const desktop: Form = { name: 'desktop', viewport: { width: 1280, height: 800 } };
export const phone: Form = { name: 'phone', viewport: { width: 390, height: 844 } };

export async function newContext(browser: Browser, form: Form = desktop, colorScheme: 'light' | 'dark' = 'light'): Promise<BrowserContext> {
  const touch = form.name === 'phone';
  const context = await browser.newContext({
    viewport: form.viewport, colorScheme, locale: 'en-GB', hasTouch: touch, isMobile: touch, deviceScaleFactor: touch ? 2 : 1,
  });
  context.setDefaultTimeout(20_000);
  return context;
}

export async function register(page: Page, url: string, username: string, displayName: string): Promise<void> {
  await page.goto(`${url}/app/register`);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Display name').fill(displayName);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('navigation', { name: 'Chats' }).waitFor();
}

export async function login(page: Page, url: string, person: Person, path = '/'): Promise<void> {
  await page.goto(url + path);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  // The button is called otherwise while it waits; the form goes once the session is in the browser's store.
  await page.getByLabel('Username').waitFor({ state: 'detached' });
}

export interface Pair {
  anna: Person;
  ben: Person;
  chatId: string;
}

/** Two people with a chat of their own, in which these words were said by the first. */
export async function twoPeople(url: string, name: string, ...words: string[]): Promise<Pair> {
  const [anna, ben] = await Promise.all([Person.register(url, `Anna ${name}`), Person.register(url, `Ben ${name}`)]);
  const chatId = await anna.openDirect(ben);
  await anna.sendAll(chatId, words);
  return { anna, ben, chatId };
}

/** The same, each with the chat open in a browser of their own. */
export async function twoPages(browser: Browser, url: string, name: string): Promise<Pair & { hers: Page; his: Page; close: () => Promise<unknown> }> {
  const pair = await twoPeople(url, name, 'The first word');
  const contexts = await Promise.all([newContext(browser), newContext(browser)]);
  const [hers, his] = [await contexts[0].newPage(), await contexts[1].newPage()];
  for (const [page, person] of [[hers, pair.anna], [his, pair.ben]] as const) {
    await login(page, url, person, `/app/chat/${pair.chatId}`);
    await shown(page, 'The first word').waitFor();
  }
  return { ...pair, hers, his, close: () => Promise.all(contexts.map((context) => context.close())) };
}

/** Finds somebody on the page for new chats and opens the chat with them. */
export async function findAndOpen(page: Page, username: string, displayName: string): Promise<void> {
  await page.getByRole('link', { name: 'New chat' }).click();
  await page.getByRole('searchbox', { name: 'Find people' }).fill(username);
  await page.getByRole('main').getByRole('button', { name: displayName }).click();
  await composer(page).waitFor();
}

export const composer = (page: Page) => page.getByRole('textbox', { name: /^Message to/ });
export const messages = (page: Page) => page.getByRole('region', { name: 'Messages' });
export const shown = (page: Page, text: string) => messages(page).locator('.message-text').getByText(text, { exact: true });

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Waits until the message of this text has this state. */
export async function waitForState(page: Page, text: string, state: 'Sending' | 'Sent' | 'Read' | 'Not sent'): Promise<void> {
  await messages(page).getByRole('listitem').filter({ has: page.getByText(text, { exact: true }) }).getByRole('img', { name: state }).waitFor();
}

/** Scrolls to the beginning, page by page, then reads down to the end: the whole conversation as it is shown, oldest first. */
export async function readWhole(page: Page): Promise<string[]> {
  const scroller = messages(page);
  const beginning = page.getByText('The beginning of the conversation');
  for (let turn = 0; !(await beginning.isVisible()); turn += 1) {
    expect(turn, 'the beginning should come within reach').toBeLessThan(600);
    await scroller.evaluate((element) => { element.scrollTop = -element.scrollHeight; });
    await page.waitForTimeout(40);
  }
  // The last page came in above.
  await scroller.evaluate((element) => { element.scrollTop = -element.scrollHeight; });
  await page.waitForTimeout(100);
  const found = new Map<number, string>();
  for (let turn = 0; ; turn += 1) {
    expect(turn, 'the end should come within reach').toBeLessThan(600);
    const rows = await scroller.getByRole('listitem').evaluateAll((items) =>
      items.map((item) => [Number(item.getAttribute('aria-posinset')), item.querySelector('.message-text')?.textContent ?? ''] as const));
    for (const [position, text] of rows) {
      expect(found.get(position) ?? text, `what stands at ${position} should not change`).toBe(text);
      found.set(position, text);
    }
    const done = await scroller.evaluate((element) => {
      if (element.scrollTop >= -1) return true;
      element.scrollTop += element.clientHeight * 0.7;
      return false;
    });
    if (done) break;
    await page.waitForTimeout(60);
  }
  const positions = [...found.keys()].sort((a, b) => a - b);
  expect(positions, 'no row should be missing').toEqual(positions.map((_, index) => index + 1));
  return positions.map((position) => found.get(position)!);
}
