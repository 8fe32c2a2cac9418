// Real traffic, many times faster than it was: what every client has received is what the history holds.
import assert from 'node:assert/strict';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { spawn } from 'node:child_process';
import { binary, folder, serve } from './program.mjs';

const slice = path.join(path.dirname(fileURLToPath(import.meta.url)), 'fixtures/messenger_dm-slice.csv');

test('a slice of real traffic arrives complete, once, and in order', async (t) => {
  const server = await serve(t, folder(t), { args: ['--limits', 'off'] });
  const replay = spawn(binary, ['replay', slice, '--speed', '100000', '--url', `http://127.0.0.1:${server.port}`, '--json']);
  let output = '';
  replay.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
  let errors = '';
  replay.stderr.setEncoding('utf8').on('data', (text) => { errors += text; });
  const code = await new Promise((resolve) => replay.once('exit', resolve));
  assert.equal(code, 0, errors + output);
  const result = JSON.parse(output.trim().split('\n').at(-1));
  t.diagnostic(output.trim());
  assert.equal(result.sent, 2000);
  assert.equal(result.missing, 0);
  assert.equal(result.duplicated, 0);
});
