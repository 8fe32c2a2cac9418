import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertProblem, ZERO_ID } from './support/api.mjs';
import { startServer } from './support/server.mjs';
import { assertRising, compareIds } from './support/timeuuid.mjs';

let server, user;
before(async () => {
  server = await startServer();
  user = await server.user();
});
after(() => server.stop());

const id = crypto.randomUUID();
const routes = {
  '/users': 'GET POST', '/users/me': 'GET PATCH', '/users/me/password': 'PUT', '/login': 'POST', '/token': 'POST', '/logout': 'POST', '/firebase-token': 'POST', '/.well-known/jwks.json': 'GET',
  '/chat': 'GET POST', '/chat/heads': 'GET', [`/chat/${id}`]: 'GET POST', [`/chat/${id}/info`]: 'GET', [`/chat/${id}/members`]: 'GET', [`/chat/${id}/read`]: 'PUT', [`/attention/${id}`]: 'PUT DELETE', '/stream': 'GET',
  '/healthz': 'GET', '/readyz': 'GET', '/metrics': 'GET', '/openapi.json': 'GET', '/app/config.json': 'GET', '/admin/bill': 'GET',
};

describe('operation', () => {
  test('is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz']) assert.equal((await server.api.get(path)).status, 200);
  });

  test('has figures for Prometheus', async () => {
    const { status, headers, text } = await server.api.get('/metrics');
    assert.equal(status, 200);
    assert.match(headers.get('content-type'), /^text\/plain\b/);
    for (const line of text.trimEnd().split('\n')) {
      assert.match(line, /^(# (HELP|TYPE) [a-zA-Z_:][\w:]* .+|[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="([^"\\]|\\.)*",?)*\})? ([-+]?(\d+(\.\d+)?([eE][-+]?\d+)?|Inf)|NaN))$/);
    }
    for (const secret of [user.username, user.id, user.token]) assert.equal(text.includes(secret), false);
  });

  test('describes every route of the contract', async () => {
    const { status, body } = await server.api.get('/openapi.json');
    assert.equal(status, 200);
    assert.match(body.openapi, /^3\.1\./);
    const described = Object.entries(body.paths).flatMap(([path, calls]) => Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`));
    const offered = Object.entries(routes).flatMap(([path, methods]) => methods.split(' ').map((method) => `${method} ${path.replace(`/attention/${id}`, '/attention/{device}').replace(id, '{id}')}`));
    assert.deepEqual(described.sort(), offered.sort());
  });
});

describe('every route', () => {
  for (const [path, methods] of Object.entries(routes)) {
    const offered = methods.split(' ');
    test(`${path.replace(id, '{id}')} offers ${methods} and names them in Allow`, async () => {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (offered.includes(method)) continue;
        const answer = await user.call(method, path);
        assertProblem(answer, 405, 'method_not_allowed');
        const allow = answer.headers.get('allow').split(/, */);
        assert.deepEqual(allow.filter((each) => !['HEAD', 'OPTIONS'].includes(each)).sort(), [...offered].sort());
      }
      const options = await user.call('OPTIONS', path);
      assert.ok([200, 204].includes(options.status), `OPTIONS ${options.status}`);
      for (const method of offered) assert.ok(options.headers.get('allow').split(/, */).includes(method));
    });
  }

  test('answers HEAD as GET, without the body', async () => {
    for (const path of ['/healthz', '/users/me', '/users', '/chat', '/openapi.json', '/.well-known/jwks.json', '/nowhere', `/chat/${id}`]) {
      const [get, head] = [await user.get(path), await user.call('HEAD', path)];
      assert.equal(head.status, get.status, path);
      assert.equal(head.text, '');
      assert.equal(head.headers.get('content-type'), get.headers.get('content-type'));
      const length = head.headers.get('content-length');
      if (length !== null && get.status === 200) assert.equal(length, get.headers.get('content-length'), path);
    }
  });
});

test('unknown routes are 404 not_found', async () => {
  for (const path of ['/nowhere', '/api/users', '/users/x', '/users/me/x', `/chat/${id}/x`, '/attention', '/openapi.yaml']) {
    for (const method of ['GET', 'POST']) assertProblem(await user.call(method, path), 404, 'not_found');
  }
});

test('answers are not to be stored, framed or guessed at', async () => {
  for (const path of ['/users/me', '/chat', '/users', '/nowhere']) {
    const { headers } = await user.get(path);
    assert.match(headers.get('cache-control') ?? '', /no-store/, path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
    assert.equal(headers.get('x-powered-by'), null);
  }
});

test('without a configured origin no page of another may read anything', async () => {
  for (const origin of ['https://evil.test', 'null', server.base]) {
    const answer = await server.api.get('/healthz', { origin });
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
    const preflight = await server.api.call('OPTIONS', '/users', { headers: { origin, 'access-control-request-method': 'POST' } });
    assert.equal(preflight.headers.get('access-control-allow-origin'), null);
    assert.equal(preflight.headers.get('access-control-allow-credentials'), null);
  }
});

test('request ids are one a request, and never what would break a log', async () => {
  const ids = new Set();
  for (let index = 0; index < 20; index++) ids.add((await server.api.get('/healthz')).headers.get('x-request-id'));
  assert.equal(ids.size, 20);
  for (const hostile of ['a'.repeat(5_000), '"},{"x":"', '<script>', 'a b', '\u00e4']) {
    const { body } = await server.api.get('/nowhere', { 'x-request-id': hostile });
    assert.notEqual(body.request_id, hostile);
    assert.match(body.request_id, /^[\w.:-]{1,128}$/);
  }
});

test('neither passwords nor tokens nor texts are logged', async () => {
  const other = await server.user();
  await user.send(await user.direct(other), 'a very secret text');
  for (const secret of [user.password, user.token, user.session.refresh_token, 'a very secret text']) assert.equal(server.log.includes(secret), false);
});

test('a start over the same folder finds accounts, sessions, messages and a rising order', async () => {
  const first = await startServer();
  const [a, b] = await first.users(2);
  const chat = await a.direct(b);
  const before = await a.send(chat, 'before');
  await first.stop({ keep: true });
  const second = await startServer({ data: first.data });
  try {
    a.base = second.base;
    assert.deepEqual((await a.get(`/chat/${chat.id}`)).body.messages, [before]);
    assert.ok(compareIds(before.id, (await a.send(chat, 'after')).id) < 0);
    assert.equal((await second.api.post('/token', { refresh_token: b.session.refresh_token })).status, 200);
    await second.login(b.username, b.password);
  } finally {
    await second.stop();
  }
});

test('a crash loses nothing that was answered 201, and keys still hold', async () => {
  const first = await startServer();
  const [a, b] = await first.users(2);
  const chat = await a.direct(b);
  const answered = [];
  let crashed = false;
  const writers = [a, b, a, b].map(async (writer, number) => {
    for (let index = 0; !crashed; index++) {
      const key = crypto.randomUUID(), text = `${number}/${index}`;
      const answer = await writer.post(`/chat/${chat.id}`, { text }, { 'idempotency-key': key }).catch(() => null);
      if (answer?.status === 201) answered.push({ writer, key, message: answer.body });
    }
  });
  const deadline = Date.now() + 10_000;
  while (answered.length < 60 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
  await first.crash();
  crashed = true;
  assert.ok(answered.length >= 60, `${answered.length} sends in 10 s`);
  await Promise.all(writers);
  const second = await startServer({ data: first.data });
  try {
    a.base = b.base = second.base;
    const found = [];
    for (let after = ZERO_ID; after !== null;) {
      const { body } = await a.get(`/chat/${chat.id}?after=${after}&quantity=200`);
      found.push(...body.messages);
      after = body.next;
    }
    const ids = found.map((message) => message.id);
    assertRising(ids);
    assert.equal(new Set(found.map((message) => message.text)).size, found.length, 'a message is there twice');
    const missing = answered.filter(({ message }) => !ids.includes(message.id));
    assert.deepEqual(missing.map(({ message }) => message.text), []);
    for (const { writer, key, message } of answered.slice(-4)) {
      const again = await writer.post(`/chat/${chat.id}`, { text: message.text }, { 'idempotency-key': key });
      assert.deepEqual([again.status, again.body.id], [200, message.id]);
    }
    assertRising([ids.at(-1), (await a.send(chat, 'after the crash')).id]);
  } finally {
    await second.stop();
  }
});
