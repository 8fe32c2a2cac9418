// Another team's program (Tests/Consumer), built from the library product AuthValidator alone, lets people in whom Caravan has logged in.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folder, root, serve, twoPeople } from './program.mjs';

const consumer = path.resolve(process.env.CARAVAN_CONSUMER ?? path.join(root, '.build-consumer/debug/Consumer'));
assert.ok(existsSync(consumer), `no program at ${consumer}: script/test builds it`);

test('another service verifies tokens with nothing but the JWKS URL', async (t) => {
  const server = await serve(t, folder(t));
  const { ann, ben } = await twoPeople(server);
  const issuer = JSON.parse(Buffer.from(ann.access_token.split('.')[1], 'base64url')).iss;
  /** Beside this process, which has the server's log to read. */
  const verify = (token, { of = issuer, port = server.port } = {}) => new Promise((resolve) => {
    const child = spawn(consumer, [`http://127.0.0.1:${port}/.well-known/jwks.json`, of, token], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { output += text; });
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
  assert.deepEqual(await verify(ann.access_token), { code: 0, output: ann.user.id });
  assert.deepEqual(await verify(ben.access_token), { code: 0, output: ben.user.id });

  const [head, claims, signature] = ann.access_token.split('.');
  const mixed = [head, ben.access_token.split('.')[1], signature].join('.');
  for (const token of [mixed, [head, claims, ''].join('.'), ann.refresh_token, 'nonsense']) {
    const { code, output } = await verify(token);
    assert.equal(code, 1, output);
    assert.match(output, /^refused: /);
  }
  assert.equal((await verify(ann.access_token, { of: 'https://elsewhere.example' })).code, 1);
  assert.deepEqual(await verify(ann.access_token, { port: 1 }), { code: 1, output: 'refused: keysUnavailable' });
});
