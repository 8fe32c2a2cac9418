// Chromium, and whether there is any.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describe } from 'vitest';

const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';

function missing(): string | null {
  if (!existsSync(executable)) return `no Chromium at ${executable} (set CHROMIUM)`;
  if (!process.env.CARAVAN_BIN) return 'CARAVAN_BIN names no server binary';
  if (!existsSync(process.env.CARAVAN_BIN)) return `no server at ${process.env.CARAVAN_BIN}`;
  return null;
}

const reason = missing();
if (reason) console.warn(`Browser tests are skipped: ${reason}.`);

/** Like `describe`; everything in it counts as skipped where it can't run. */
export const describeInBrowser = describe.skipIf(reason !== null);

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

let axe: string | undefined;

export interface Violation {
  id: string;
  help: string;
  nodes: string[];
}

/** What axe has against the page as it stands. */
export async function violations(page: Page): Promise<Violation[]> {
  axe ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  // Evaluated, not added as a script: the page's policy allows no foreign one.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> } }).axe;
    const result = await run.run(document, { resultTypes: ['violations'] });
    return result.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html.slice(0, 200)) }));
  });
}
