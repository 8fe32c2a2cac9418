import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composer, login, newContext, shown, twoPeople } from './app';
import { describeInBrowser, launch } from './browser';
import { Server } from './server';

describeInBrowser('speed', () => {
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

  test('a sent message is on screen at once', async () => {
    const { anna, chatId } = await twoPeople(server.url, 'Speed', ...Array.from({ length: 100 }, (_, index) => `Message ${index + 1}`));
    const context = await newContext(browser);
    const page = await context.newPage();
    await login(page, server.url, anna, `/app/chat/${chatId}`);
    await shown(page, 'Message 100').waitFor();
    await composer(page).focus();

    // From the key to the node in the document, and to the frame after it; measured inside of the page, without the driver's own time.
    await page.evaluate(() => {
      const state = window as unknown as { taken: { node: number; frame: number }[] };
      state.taken = [];
      document.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter') return;
        const text = (event.target as HTMLTextAreaElement).value;
        const started = event.timeStamp;
        const place = document.querySelector('[role="region"][aria-label="Messages"]')!;
        const observer = new MutationObserver(() => {
          if (![...place.querySelectorAll('.message-text')].some((element) => element.textContent === text)) return;
          observer.disconnect();
          const node = performance.now() - started;
          requestAnimationFrame(() => setTimeout(() => state.taken.push({ node, frame: performance.now() - started })));
        });
        observer.observe(place, { childList: true, subtree: true, characterData: true });
      }, { capture: true });
    });
    const count = 60;
    for (let index = 0; index < count; index += 1) {
      await page.keyboard.insertText(`Quick ${index + 1}`);
      await page.keyboard.press('Enter');
      await page.waitForFunction((wanted) => (window as unknown as { taken: unknown[] }).taken.length >= wanted, index + 1);
    }
    const taken = await page.evaluate(() => (window as unknown as { taken: { node: number; frame: number }[] }).taken);
    for (const measure of ['node', 'frame'] as const) {
      const sorted = taken.map((one) => one[measure]).sort((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(count - 1, Math.floor(count * share))]!;
      console.log(`Sent message, key to ${measure}: p50 ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, worst ${at(1).toFixed(1)} ms`);
      // The goal is 50 ms; a shared machine is given room.
      expect(at(0.95)).toBeLessThan(250);
    }
    await expect.poll(async () => (await anna.history(chatId)).length, { timeout: 30_000 }).toBe(100 + count);
    await context.close();
  });
});
