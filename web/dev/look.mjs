// Takes pictures of every screen with the fake client, phone and desktop, light and dark, and asks axe about each.
//   npm run look [scene…]
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from './serve.mjs';
import { scenes } from './scenes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
const out = `${root}test-results/look`;
await mkdir(out, { recursive: true });
const axe = await readFile(`${root}node_modules/axe-core/axe.min.js`, 'utf8');
const { url, close } = await serve(`${root}test-results/fake-dist`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

let wrong = 0;
for (const [form, viewport] of [['desktop', { width: 1280, height: 800 }], ['phone', { width: 390, height: 844 }]]) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, scene] of Object.entries(scenes)) {
      if (wanted.length > 0 && !wanted.some((word) => `${name}-${form}-${colorScheme}`.includes(word))) continue;
      const context = await browser.newContext({ viewport, colorScheme, hasTouch: form === 'phone', isMobile: form === 'phone', deviceScaleFactor: form === 'phone' ? 2 : 1, locale: 'en-GB' });
      const page = await context.newPage();
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && console.log(`${name}: ${message.text()}`));
      page.on('pageerror', (error) => console.log(`${name}: ${error.stack}`));
      try {
        await scene(page, url, form);
        await page.waitForTimeout(250);
        await page.screenshot({ path: `${out}/${name}-${form}-${colorScheme}.png` });
        // The policy forbids a script tag, not the debugger.
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
        for (const violation of violations) {
          wrong += 1;
          console.log(`${name}-${form}-${colorScheme}: ${violation.id}: ${violation.help}`);
          for (const node of violation.nodes.slice(0, 3)) console.log(`    ${node.html.slice(0, 160)}\n    ${node.failureSummary?.split('\n')[1]?.trim()}`);
        }
      } catch (error) {
        wrong += 1;
        console.log(`${name}-${form}-${colorScheme}: ${error.message}`);
      }
      await context.close();
    }
  }
}
await browser.close();
close();
console.log(wrong === 0 ? 'no violations' : `${wrong} wrong`);
process.exitCode = wrong === 0 ? 0 : 1;
