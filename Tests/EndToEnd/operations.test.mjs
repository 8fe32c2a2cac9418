// What an operator does with the program, and what it does when the machine is unkind.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { folder, run, serve, twoPeople } from './program.mjs';

test('SIGTERM lets accepted messages be, says bye to streams, and ends with 0 within 10 s', async (t) => {
  const data = folder(t);
  const server = await serve(t, data);
  const { ann, ben, chat } = await twoPeople(server);
  const stream = await server.call('GET', `/stream?device=${randomUUID()}`, { token: ben.access_token });
  const text = stream.text();
  const sent = await server.call('POST', `/chat/${chat}`, { token: ann.access_token, body: { text: 'keep me' } });
  assert.equal(sent.status, 201);
  const began = performance.now();
  server.child.kill('SIGTERM');
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  assert.ok(performance.now() - began < 10_000);
  assert.match(await text, /event: bye\ndata: \{"reason":"draining"\}/);
  const again = await serve(t, data);
  const page = await (await again.call('GET', `/chat/${chat}`, { token: ann.access_token })).json();
  assert.deepEqual(page.messages.map((m) => m.text), ['keep me']);
});

test('a second server on the same folder is refused and says why', async (t) => {
  const data = folder(t);
  await serve(t, data);
  const second = run(['serve', '--data', data, '--port', '0', '--web', 'off']);
  assert.equal(second.status, 1);
  assert.match(second.stderr, /another server uses the data folder .* \(process \d+\)/);
});

test('a port in use is refused and says why', async (t) => {
  const server = await serve(t, folder(t));
  const second = run(['serve', '--data', folder(t), '--port', String(server.port), '--web', 'off']);
  assert.equal(second.status, 1);
  assert.match(second.stderr, /in use/i);
});

test('the signing keys are made at the first start, private, and refused when others can read them', async (t) => {
  const data = folder(t);
  const server = await serve(t, data);
  const keys = path.join(data, 'signing-keys.json');
  assert.equal(statSync(keys).mode & 0o777, 0o600);
  server.child.kill('SIGTERM');
  await server.exited;
  chmodSync(keys, 0o644);
  const second = run(['serve', '--data', data, '--port', '0', '--web', 'off']);
  assert.equal(second.status, 1);
  assert.match(second.stderr, /open to other users/);
});

test('a full disk is answered 503, nothing is half-written, and room makes it work again', async (t) => {
  const data = folder(t);
  const mounted = process.getuid() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', data]).status === 0;
  if (!mounted) return t.skip('needs root and the right to mount a small tmpfs');
  try {
    await fillUp(t, data);
  } finally {
    spawnSync('umount', ['-l', data]);
  }
});

async function fillUp(t, data) {
  const server = await serve(t, data, { args: ['--limits', 'off'] });
  const { ann, chat } = await twoPeople(server);
  const accepted = [];
  let refusal;
  for (let number = 0; number < 3_000 && !refusal; number++) {
    const text = `${number} ${'x'.repeat(3_000)}`;
    const answer = await server.call('POST', `/chat/${chat}`, { token: ann.access_token, body: { text } });
    if (answer.status === 201) accepted.push((await answer.json()).id);
    else refusal = answer;
  }
  assert.equal(refusal?.status, 503);
  assert.ok(Number(refusal.headers.get('retry-after')) > 0);
  assert.equal((await refusal.json()).type, '/problems/unavailable');
  const stored = [];
  for (let after = '00000000-0000-1000-8000-000000000000'; after;) {
    const page = await (await server.call('GET', `/chat/${chat}?after=${after}&quantity=200`, { token: ann.access_token })).json();
    stored.push(...page.messages.map((m) => m.id));
    after = page.next;
  }
  assert.deepEqual(stored, accepted);
  assert.equal(spawnSync('mount', ['-o', 'remount,size=16m', data]).status, 0);
  const answer = await server.call('POST', `/chat/${chat}`, { token: ann.access_token, body: { text: 'room again' } });
  assert.equal(answer.status, 201);
}

test('an operator resets a password while the server runs: the old one and its sessions end', async (t) => {
  const data = folder(t);
  const server = await serve(t, data);
  const { ann } = await twoPeople(server);
  const reset = run(['admin', 'reset-password', 'ann', '--data', data]);
  assert.equal(reset.status, 0, reset.stderr);
  const password = reset.stdout.trim();
  const login = (word) => server.call('POST', '/login', { body: { username: 'ann', password: word } });
  assert.equal((await login('correct horse')).status, 401);
  assert.equal((await login(password)).status, 200);
  assert.equal((await server.call('POST', '/token', { body: { refresh_token: ann.refresh_token } })).status, 401);
  const unknown = run(['admin', 'reset-password', 'nobody-here', '--data', data]);
  assert.notEqual(unknown.status, 0);
  assert.match(unknown.stderr, /no user 'nobody-here'/);
});

test('settings come from a flag, before a variable, before a file; mistakes are named', async (t) => {
  const file = path.join(folder(t), 'caravan.conf');
  writeFileSync(file, '# comment\nport = 3001\nhost = 127.0.0.2  # loopback\nweb = off\n');
  const check = (args, env) => run(['check-config', ...args], { env: { CARAVAN_CONFIG: file, ...env } });
  assert.match(check([], {}).stdout, /127\.0\.0\.2:3001/);
  assert.match(check([], { CARAVAN_PORT: '3002' }).stdout, /:3002/);
  assert.match(check(['--port', '3003'], { CARAVAN_PORT: '3002' }).stdout, /:3003/);
  for (const [args, said] of [
    [['--port', 'many'], /--port/], [['--port', '70000'], /0 to 65535/], [['--stream-window', 'wide'], /no window/],
    [['--limits', 'off', '--host', '0.0.0.0'], /loopback/], [['--trusted-proxy', '10.0.0.0\/99'], /no address/],
  ]) {
    const result = check(args, {});
    assert.notEqual(result.status, 0);
    assert.match(result.stderr, said);
  }
  writeFileSync(file, 'prot = 1\n');
  assert.match(check([], {}).stderr, /caravan\.conf:1: there is no setting 'prot'/);
});

test('health, readiness, metrics and the description of the API are there', async (t) => {
  const server = await serve(t, folder(t));
  await twoPeople(server);
  assert.equal((await server.call('GET', '/healthz')).status, 200);
  assert.equal((await server.call('GET', '/readyz')).status, 200);
  const metrics = await (await server.call('GET', '/metrics')).text();
  for (const name of ['caravan_send_seconds', 'caravan_page_seconds', 'process_resident_memory_bytes']) {
    assert.match(metrics, new RegExp(`^${name}`, 'm'));
  }
  const description = await (await server.call('GET', '/openapi.json')).json();
  assert.match(description.openapi, /^3\.1/);
});

test('no token, password or text gets into the log', async (t) => {
  const server = await serve(t, folder(t), { args: ['--log-level', 'debug'] });
  const { ann, chat } = await twoPeople(server);
  await server.call('POST', `/chat/${chat}`, { token: ann.access_token, body: { text: 'a secret meeting' } });
  await server.call('GET', `/chat/${chat}?time=not-a-${ann.access_token}`, { token: ann.access_token });
  server.child.kill('SIGTERM');
  await server.exited;
  for (const secret of ['a secret meeting', 'correct horse', ann.access_token, ann.refresh_token]) {
    assert.ok(!server.log.includes(secret));
  }
});
