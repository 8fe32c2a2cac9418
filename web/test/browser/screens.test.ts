// Every main screen, on phone and desktop, light and dark: a picture, and axe's opinion.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Person } from './api';
import { composer, desktop, login, newContext, phone, shown } from './app';
import { describeInBrowser, launch, violations } from './browser';
import { Server } from './server';

const web = fileURLToPath(new URL('../..', import.meta.url));
const pictures = join(web, 'test-results', 'screens');

describeInBrowser('screens', () => {
  let server: Server;
  let browser: Browser;
  let anna: Person;
  let group: string;
  let direct: string;
  let empty: string;

  beforeAll(async () => {
    server = await Server.start();
    browser = await launch();
    await mkdir(pictures, { recursive: true });
    const names = ['Anna Lindqvist', 'Ben Okafor', 'Chiara Rossi', 'Diego Fuentes', 'Hana Sato', 'Zoë Martin'];
    const people: Person[] = [];
    for (const name of names) people.push(await Person.register(server.url, name));
    const [ben, chiara, diego, hana, zoe] = people.slice(1) as [Person, Person, Person, Person, Person];
    anna = people[0]!;
    empty = await anna.openDirect(zoe);
    const other = await hana.openDirect(anna);
    await hana.sendAll(other, ['The photos from the lake are up', 'https://photos.example.org/lake']);
    direct = await anna.openDirect(ben);
    await ben.send(direct, 'Morning! Did the parts arrive?');
    await anna.send(direct, 'They did, all eleven boxes. One is a bit squashed, but the filters inside are fine.');
    await ben.sendAll(direct, ['Phew.', 'Can you send me the list when you have a minute?']);
    await anna.send(direct, 'Sure, give me until lunch');
    group = await anna.openGroup('Saturday hike', [ben, chiara, diego, hana]);
    await chiara.send(group, 'Who is in for Saturday?');
    await ben.send(group, 'Me!');
    await diego.send(group, 'Depends on the weather, but yes');
    await anna.send(group, 'I can take three people from the station.');
    await chiara.sendAll(group, ['Then we have eleven seats in total, which should be enough even if Diego’s cousins come along.', '🎉']);
    await diego.send(group, 'They are coming 😅');
    await anna.sendAll(group, ['Eleven it is.', 'I’ll book the hut: last year it was full by Wednesday.']);
    await hana.send(group, 'I made a list of what to bring: https://pad.example.org/saturday');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.end();
  });

  const screens: Record<string, (page: Page) => Promise<void>> = {
    async list(page) {
      await page.goto(server.url);
      await page.getByRole('link', { name: /Saturday hike/ }).waitFor();
    },
    async conversation(page) {
      await page.goto(`${server.url}/app/chat/${direct}`);
      await shown(page, 'Phew.').waitFor();
    },
    async group(page) {
      await page.goto(`${server.url}/app/chat/${group}`);
      await shown(page, 'Me!').waitFor();
    },
    async 'group-info'(page) {
      await page.goto(`${server.url}/app/chat/${group}?info`);
      await page.getByText('@', { exact: false }).first().waitFor();
    },
    async 'empty-chat'(page) {
      await page.goto(`${server.url}/app/chat/${empty}`);
      await page.getByText('This is you and').waitFor();
    },
    async 'missing-chat'(page) {
      await page.goto(`${server.url}/app/chat/00000000-0000-4000-8000-000000000000`);
      await page.getByText('No chat here').waitFor();
    },
    async 'new-chat'(page) {
      await page.goto(`${server.url}/app/new`);
      await page.getByRole('main').getByRole('button', { name: /Ben Okafor/ }).waitFor();
    },
    async 'new-group'(page) {
      await page.goto(`${server.url}/app/new/group`);
      await page.getByLabel('Group name').fill('Map readers');
      for (const name of ['Ben Okafor', 'Hana Sato']) await page.getByRole('checkbox', { name }).check({ force: true });
    },
    async find(page) {
      await page.goto(server.url);
      await page.getByRole('link', { name: /Saturday hike/ }).waitFor();
      await page.getByRole('button', { name: /Find people and chats/ }).click();
      await page.getByRole('option', { name: /Ben Okafor/ }).waitFor();
    },
    async settings(page) {
      await page.goto(`${server.url}/app/settings`);
      await page.getByRole('heading', { name: 'Appearance' }).waitFor();
    },
  };

  for (const form of [desktop, phone]) {
    for (const scheme of ['light', 'dark'] as const) {
      test(`${form.name}, ${scheme}: all are accessible and obey the content policy`, async () => {
        const context = await newContext(browser, form, scheme);
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => /Content Security Policy|violates/.test(message.text()) && complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));

        const look = async (name: string) => {
          // What fades in has to have arrived, or its colours are judged half-way.
          await page.waitForTimeout(1200);
          await page.screenshot({ path: join(pictures, `${name}-${form.name}-${scheme}.png`) });
          expect(await violations(page), name).toEqual([]);
        };
        await page.goto(server.url);
        await page.getByRole('button', { name: 'Log in' }).waitFor();
        await look('login');
        await page.goto(`${server.url}/app/register`);
        await page.getByRole('button', { name: 'Create account' }).click();
        await look('register');
        await login(page, server.url, anna);
        for (const [name, open] of Object.entries(screens)) {
          await open(page);
          await look(name);
        }
        expect(complaints).toEqual([]);
        await context.close();
      });
    }
  }

  if (process.env.CARAVAN_README_SHOT === '1') test('the picture for the README', async () => {
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, server.url, anna, `/app/chat/${group}`);
    await shown(page, 'Me!').waitFor();
    await composer(page).fill('Perfect. See you at six');
    await page.waitForTimeout(800);
    await mkdir(join(web, '..', 'docs', 'images'), { recursive: true });
    await page.screenshot({ path: join(web, '..', 'docs', 'images', 'conversation.png') });
    await context.close();
  });
});
