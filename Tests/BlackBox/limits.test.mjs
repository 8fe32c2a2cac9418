// The limits that the other files switch off, and CORS with an origin configured.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Api, assertProblem } from './support/api.mjs';
import { startServer } from './support/server.mjs';
import { EventStream } from './support/stream.mjs';

const origin = 'https://app.example.test';
let server, a, b, c;
before(async () => {
  server = await startServer({ limits: 'on', args: ['--allowed-origin', origin, '--registrations-per-hour', '4'] });
  [a, b, c] = await server.users(3);
});
after(() => server.stop());

test('a name with 10 failures from here is 429 even with the right password; other names still get in', async () => {
  const { body: victim } = await server.api.post('/users', { username: 'victim', password: 'correct horse' });
  assert.equal(victim.username, 'victim');
  for (let index = 0; index < 10; index++) {
    assertProblem(await server.api.post('/login', { username: index % 2 ? 'victim' : 'VICTIM', password: 'wrong horse' }), 401, 'invalid_credentials');
  }
  const refused = await server.api.post('/login', { username: 'victim', password: 'correct horse' });
  assertProblem(refused, 429, 'rate_limited');
  const seconds = Number(refused.headers.get('retry-after'));
  assert.ok(seconds > 0 && seconds <= 900, `${seconds}`);
  await server.login(a.username);
});

test('the same holds for a name that does not exist', async () => {
  for (let index = 0; index < 10; index++) assertProblem(await server.api.post('/login', { username: 'nobody', password: 'wrong horse' }), 401, 'invalid_credentials');
  assertProblem(await server.api.post('/login', { username: 'nobody', password: 'wrong horse' }), 429, 'rate_limited');
});

test('registrations are limited for an address', async () => {
  const answer = await server.api.post('/users', { username: 'one.too.many', password: 'correct horse' });
  assertProblem(answer, 429, 'rate_limited');
});

test('an 11th device that opens a stream is 429 too_many_streams', async () => {
  const streams = [];
  for (let index = 0; index < 10; index++) {
    streams.push(await EventStream.open(a));
    await streams.at(-1).event('ready');
  }
  assertProblem(await a.get(`/stream?device=${crypto.randomUUID()}`), 429, 'too_many_streams');
  const again = await EventStream.open(a, { device: streams[0].device });
  await again.event('ready');
  const other = await EventStream.open(b);
  await other.event('ready');
  await Promise.all([...streams, again, other].map((stream) => stream.close()));
});

test('leases are one call a second for a device', async () => {
  const device = crypto.randomUUID();
  const statuses = [];
  for (let index = 0; index < 8; index++) statuses.push((await c.put(`/attention/${device}`, { channel: 'stream', viewing: [] })).status);
  assert.equal(statuses[0], 200);
  assert.ok(statuses.includes(429), `${statuses}`);
});

test('an 11th leased device is 429', async () => {
  const answers = [];
  for (let index = 0; index < 11; index++) answers.push(await b.put(`/attention/${crypto.randomUUID()}`, { channel: 'stream', viewing: [] }));
  assert.deepEqual(answers.slice(0, 10).map((answer) => answer.status), Array(10).fill(200));
  assertProblem(answers.at(-1), 429, 'rate_limited');
});

test('sends are limited for a sender, and repeats of a key are not lost by it', async () => {
  const chat = await a.direct(b);
  const key = { 'idempotency-key': crypto.randomUUID() };
  const first = await a.send(chat, 'first', key);
  let refused;
  for (let index = 0; index < 100 && !refused; index++) {
    const answer = await a.post(`/chat/${chat.id}`, { text: `${index}` });
    if (answer.status === 429) refused = answer;
  }
  assertProblem(refused, 429, 'rate_limited');
  assert.equal((await b.post(`/chat/${chat.id}`, { text: 'somebody else' })).status, 201);
  await new Promise((resolve) => setTimeout(resolve, 1000 * Number(refused.headers.get('retry-after'))));
  const again = await a.post(`/chat/${chat.id}`, { text: 'first' }, key);
  assert.deepEqual([again.status, again.body.id], [200, first.id]);
});

test('CORS is for the configured origin only', async () => {
  const preflight = (from, headers = {}) => fetch(`${server.base}/chat`, { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type,idempotency-key,caravan-device,last-event-id', ...headers } });
  const allowed = await preflight(origin);
  assert.ok(allowed.status === 200 || allowed.status === 204);
  assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
  const headers = allowed.headers.get('access-control-allow-headers').toLowerCase().split(/, */);
  for (const header of ['authorization', 'content-type', 'idempotency-key', 'last-event-id', 'caravan-device']) assert.ok(headers.includes(header), header);
  assert.match(allowed.headers.get('access-control-allow-methods'), /\bPOST\b/);
  for (const [path, status] of [['/healthz', 200], ['/users/me', 401], ['/nowhere', 404]]) {
    const answer = await fetch(server.base + path, { headers: { origin } });
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get('access-control-allow-origin'), origin, path);
    assert.match(answer.headers.get('vary') ?? '', /\borigin\b/i);
    const exposed = answer.headers.get('access-control-expose-headers').toLowerCase().split(/, */);
    for (const header of ['retry-after', 'x-request-id']) assert.ok(exposed.includes(header), header);
    await answer.text();
  }
  for (const other of ['https://evil.test', 'null', `${origin}.evil.test`, 'http://app.example.test', `${origin}:8443`]) {
    assert.equal((await preflight(other)).headers.get('access-control-allow-origin'), null, other);
    const answer = await fetch(`${server.base}/healthz`, { headers: { origin: other } });
    assert.equal(answer.headers.get('access-control-allow-origin'), null, other);
    await answer.text();
  }
});

test('an address in X-Forwarded-For is not believed without a trusted proxy', async () => {
  const spoof = new Api(server.base);
  for (let index = 0; index < 3; index++) {
    assertProblem(await spoof.post('/login', { username: 'nobody', password: 'wrong horse' }, { 'x-forwarded-for': `203.0.113.${index}`, forwarded: `for=203.0.113.${index}` }), 429, 'rate_limited');
  }
});
