// What no decent client sends. The server must answer with a problem of the contract, and never with a 5xx.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertProblem, ZERO_ID } from './support/api.mjs';
import { answerIn, exchange, request } from './support/raw.mjs';
import { startServer } from './support/server.mjs';

let server, user, chat, slow;
before(async () => {
  server = await startServer();
  const other = await server.user();
  user = await server.user();
  chat = await user.direct(other);
  // Needs 30 s: begun first, awaited last.
  slow = {
    head: exchange(server.port, 'POST /login HTTP/1.1\r\nHost: caravan.test\r\nContent-', { milliseconds: 45_000 }),
    body: exchange(server.port, 'POST /login HTTP/1.1\r\nHost: caravan.test\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"user', { milliseconds: 45_000 }),
  };
});
after(() => server.stop());

const id = crypto.randomUUID(), otherId = crypto.randomUUID();
/** Every route that takes a body: a good one, its fields, and which of them may be left out or null. */
const routes = () => [
  { method: 'POST', path: '/users', good: { username: 'never.made', password: 'correct horse', display_name: 'Never' }, optional: ['display_name'] },
  { method: 'POST', path: '/login', good: { username: 'nobody', password: 'correct horse' } },
  { method: 'POST', path: '/token', good: { refresh_token: 'abc' } },
  { method: 'POST', path: '/logout', good: { refresh_token: 'abc' } },
  { method: 'PATCH', path: '/users/me', good: { display_name: 'Me' } },
  { method: 'PUT', path: '/users/me/password', good: { old: 'wrong horse', new: 'battery staple' } },
  { method: 'POST', path: '/chat', good: { user_id: id } },
  { method: 'POST', path: '/chat', good: { members: [id, user.id, otherId], title: 'Title' } },
  { method: 'POST', path: `/chat/${chat.id}`, good: { text: 'hello' } },
  { method: 'PUT', path: `/chat/${chat.id}/read`, good: { message_id: ZERO_ID } },
  { method: 'PUT', path: `/attention/${id}`, good: { channel: 'stream', viewing: [id] } },
];
const call = (route, body, headers) => user.call(route.method, route.path, { body, headers });
const label = (route) => `${route.method} ${route.path.replace(/[0-9a-f-]{36}/, '{id}')} ${Object.keys(route.good)}`;

/** One test that runs over all body routes. */
function onEveryRoute(name, check) {
  test(name, async () => {
    for (const route of routes()) {
      try {
        await check(route);
      } catch (error) {
        error.message = `${label(route)}: ${error.message}`;
        throw error;
      }
    }
  });
}

describe('bodies', () => {
  onEveryRoute('with a field missing', async (route) => {
    for (const field of Object.keys(route.good)) {
      if (route.optional?.includes(field)) continue;
      const { [field]: _, ...rest } = route.good;
      const answer = await call(route, JSON.stringify(rest));
      assertProblem(answer, 400, 'invalid_request');
      // Without members or user_id it is open which of the two was meant.
      if (field !== 'members') assertProblem(answer, 400, 'invalid_request', field);
    }
  });

  onEveryRoute('with a field of another type', async (route) => {
    for (const field of Object.keys(route.good)) {
      for (const value of ['null', 'true', '0', '-1.5', '1e400', '{}', '[]', '[[]]', '{"a":"b"}', '["a",1]', '9'.repeat(400), '[null]']) {
        if (value === 'null' && (route.optional?.includes(field) || route.path === '/chat')) continue;
        if (value === '[]' && field === 'viewing') continue;
        const text = JSON.stringify({ ...route.good, [field]: '@@' }).replace('"@@"', value);
        assertProblem(await call(route, text), 400, 'invalid_request', field);
      }
    }
  });

  onEveryRoute('with NUL or a lone surrogate in any string', async (route) => {
    for (const field of Object.keys(route.good)) {
      for (const evil of ['\\u0000', 'aaaaaaaaa\\u0000aaa', '\\ud83d', 'aaaaaaaaa\\udc00', '\\udc00\\ud83d', '\\ud83d\\ud83d\\udc2a']) {
        const value = Array.isArray(route.good[field]) ? '["@@"]' : '"@@"';
        const text = JSON.stringify({ ...route.good, [field]: '@@' }).replace('"@@"', value).replace('@@', evil);
        assertProblem(await call(route, text), 400, 'invalid_request', field);
      }
    }
  });

  onEveryRoute('that are not UTF-8', async (route) => {
    for (const bytes of [[0xff], [0xc3, 0x28], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
      for (const field of Object.keys(route.good)) {
        const text = Buffer.from(JSON.stringify({ ...route.good, [field]: 'aaaaaaaa@@' }));
        const at = text.indexOf('@@');
        assertProblem(await call(route, Buffer.concat([text.subarray(0, at), Buffer.from(bytes), text.subarray(at + 2)])), 400, 'invalid_request');
      }
    }
    assertProblem(await call(route, Buffer.from(JSON.stringify(route.good), 'utf16le')), 400, 'invalid_request');
  });

  onEveryRoute('that are cut off anywhere', async (route) => {
    const text = JSON.stringify(route.good);
    for (let end = 0; end < text.length; end += 3) assertProblem(await call(route, text.slice(0, end)), 400, 'invalid_request');
    assertProblem(await call(route, text.slice(0, -1)), 400, 'invalid_request');
  });

  onEveryRoute('that are no JSON, or no object', async (route) => {
    const text = JSON.stringify(route.good);
    for (const body of [' ', 'null', 'true', '1', '"text"', '[]', `[${text}]`, 'NaN', '{', '}', '{]', '{"a"}', "{'a':1}", `${text}}`, `${text} x`, `${text}${text}`, '{"a":01}', '{"a":1,}', '{"a":+1}', '{"a":.5}', '{"a":Infinity}',
      '{"a":"\n"}', '{"a":"\\x"}', '{"a":"\\u12"}', '/**/{}', '\u0000', 'a=b&c=d', '<a/>']) {
      assertProblem(await call(route, body), 400, 'invalid_request');
    }
  });

  onEveryRoute('nested without end', async (route) => {
    for (const [open, close] of [['[', ']'], ['{"a":', '}']]) {
      for (const depth of [600, 10_000]) {
        assertProblem(await call(route, open.repeat(depth)), 400, 'invalid_request');
        const field = Object.keys(route.good)[0];
        assertProblem(await call(route, JSON.stringify({ ...route.good, [field]: '@@' }).replace('"@@"', `${open.repeat(depth)}1${close.repeat(depth)}`).slice(0, 65_536)), 400, 'invalid_request');
      }
    }
  });

  onEveryRoute('over 64 KiB are 413, with a length or in chunks', async (route) => {
    const text = JSON.stringify(route.good);
    assertProblem(await call(route, text + ' '.repeat(65_537 - text.length)), 413, 'too_large');
    const chunks = [`${route.method} ${route.path} HTTP/1.1\r\nHost: caravan.test\r\nAuthorization: Bearer ${user.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`];
    for (let index = 0; index < 70; index++) chunks.push(`400\r\n${' '.repeat(1024)}\r\n`);
    chunks.push('0\r\n\r\n');
    const answer = answerIn(await exchange(server.port, chunks), route.path);
    assert.equal(answer?.status, 413);
    assert.equal(answer.body.type, '/problems/too_large');
  });

  onEveryRoute('of 64 KiB exactly are taken', async (route) => {
    const text = JSON.stringify({ refresh_token: 'abc', ...route.good });
    const answer = await call({ ...route, path: route.path === '/users' ? '/login' : route.path }, text + ' '.repeat(65_536 - text.length));
    assert.notEqual(answer.status, 413);
    assert.notEqual(answer.status, 400, answer.text);
  });

  onEveryRoute('with unknown fields, and fields twice, are no reason to fall over', async (route) => {
    if (route.path === '/users') return; // would make the user
    const text = JSON.stringify(route.good).slice(1, -1);
    const answer = await call(route, `{${text},"unknown":[{"a":null}],"":0,"__proto__":{}}`);
    assert.notEqual(answer.status, 400, answer.text);
    await call(route, `{${text},${text}}`);
  });

  test('nothing of all this was kept', async () => {
    assert.equal((await server.api.post('/login', { username: 'never.made', password: 'correct horse' })).status, 401);
    assert.equal((await server.api.post('/token', { refresh_token: user.session.refresh_token })).status, 200);
  });
});

describe('targets', () => {
  for (const path of ['/%', '/%zz', '/%00', '/%ff', '/users%2fme', '/chat/%2e%2e/users', '/..%2f..%2fetc%2fpasswd', '/users/me/', '//users', '/USERS', '/users/you', '/chat/heads/x', '/.well-known', '/.git/config', '/openapi.json.bak', '/users;x=1', '/\\', '/%E2%80%AE']) {
    test(`${path} is no route and nothing breaks`, async () => {
      const answer = answerIn(await exchange(server.port, request('GET', path, { token: user.token })), path);
      assert.ok([400, 404].includes(answer.status), `${answer.status}`);
    });
  }

  for (const target of ['/../../etc/passwd', '/users/../chat/heads', '/./users/me', '*', 'users', 'http://other.test/users/me', `/${'a'.repeat(8000)}`, `/users?query=${'a'.repeat(8000)}`, `/users?${'a&'.repeat(3000)}`, '/users?=&&=&===', '/users#x', '/users?query=a#b', '?', '/users?quantity[]=1', '/users?quantity=1&quantity=2']) {
    test(`the target ${target.slice(0, 40)} is answered below 500`, async () => {
      const answer = answerIn(await exchange(server.port, request('GET', target, { token: user.token })), target.slice(0, 40));
      assert.ok(answer && answer.status >= 200);
      assert.equal(answer.text.includes('root:'), false);
    });
  }

  for (const method of ['BREW', 'TRACE', 'CONNECT', 'get', 'PROPFIND', 'M-SEARCH', 'DELETE', 'X'.repeat(200)]) {
    test(`the method ${method.slice(0, 20)} is answered below 500, and does nothing`, async () => {
      const answer = answerIn(await exchange(server.port, request(method, method === 'CONNECT' ? 'other.test:80' : '/users', { token: user.token })), method);
      assert.ok(answer === null || [400, 404, 405, 501].includes(answer.status), `${answer?.status}`);
    });
  }
});

describe('bytes on the wire', () => {
  const post = (body, headers = {}) => request('POST', `/chat/${chat.id}`, { token: user.token, body, headers });

  test('headers of 100 KB are 431, as one or as many', async () => {
    for (const headers of [{ 'X-Long': 'a'.repeat(100_000) }, Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`X-Many-${index}`, 'a'.repeat(50)])), { Authorization: `Bearer ${'a'.repeat(100_000)}` }]) {
      const answer = answerIn(await exchange(server.port, request('GET', '/users/me', { headers })), 'long headers');
      assert.equal(answer?.status, 431);
      assert.equal(answer.body.type, '/problems/headers_too_large');
    }
  });

  test('headers just below 16 KiB are taken', async () => {
    const answer = answerIn(await exchange(server.port, request('GET', '/users/me', { token: user.token, headers: { 'X-Long': 'a'.repeat(15_000) } })), 'headers');
    assert.equal(answer.status, 200);
  });

  test('a target of 100 KB is refused below 500', async () => {
    const answer = answerIn(await exchange(server.port, request('GET', `/users?query=${'a'.repeat(100_000)}`)), 'long target');
    assert.ok([400, 414, 431].includes(answer?.status), `${answer?.status}`);
  });

  test('a half-closed socket still gets its answer', async () => {
    const whole = answerIn(await exchange(server.port, request('GET', '/healthz'), { halfClose: true }), 'half closed');
    assert.equal(whole?.status, 200);
    const sent = answerIn(await exchange(server.port, post('{"text":"half closed"}'), { halfClose: true }), 'half closed');
    assert.equal(sent?.status, 201);
  });

  test('a socket half-closed within a request is dropped or refused, and what was cut is not kept', async () => {
    const whole = post('{"text":"cut off"}');
    for (const end of [1, 10, 60, whole.length - 10, whole.length - 1]) {
      const answer = answerIn(await exchange(server.port, whole.subarray(0, end), { halfClose: true, milliseconds: 3_000 }), `cut at ${end}`);
      assert.ok(answer === null || answer.status === 400 || answer.status === 408, `${answer?.status}`);
    }
    const { messages } = (await user.get(`/chat/${chat.id}?quantity=200`)).body;
    assert.equal(messages.some((message) => message.text === 'cut off'), false);
  });

  test('a request in single bytes is answered', async () => {
    const bytes = [...request('GET', '/users/me', { token: user.token })].map((byte) => Buffer.from([byte]));
    assert.equal(answerIn(await exchange(server.port, bytes), 'single bytes').status, 200);
  });

  test('pipelined requests are answered in order', async () => {
    const text = await exchange(server.port, [request('GET', '/healthz'), request('GET', '/nowhere'), request('GET', '/users/me', { headers: { Connection: 'close' } })], { untilAnswer: false });
    assert.deepEqual(text.match(/HTTP\/1\.1 \d+/g).map((line) => line.slice(9)), ['200', '404', '401']);
  });

  for (const [what, bytes] of [
    ['nonsense', 'nonsense\r\n\r\n'], ['TLS', Buffer.from('16030100c8010000c40303', 'hex')], ['a bad version', 'GET /users HTTP/9.9\r\n\r\n'], ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['two lengths', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'], ['a negative length', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}'], ['a huge length', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n{}'],
    ['a length beside chunks', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'], ['a bad chunk', 'POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}'], ['an unknown coding', 'POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n{}'],
    ['NUL in a header', 'GET /users/me HTTP/1.1\r\nHost: x\r\nX-Nul: a\0b\r\n\r\n'], ['a header without a name', 'GET /users/me HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n'], ['a folded header', 'GET /users/me HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n'], ['a header with a space', 'GET /users/me HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n'],
    ['Latin-1 in a header', Buffer.from('GET /users/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xe4\xff\r\n\r\n', 'latin1')], ['raw bytes in the target', Buffer.from('GET /users?query=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1')], ['only breaks', '\r\n\r\n\r\n\r\n'],
    ['an upgrade', 'GET /stream HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'], ['an expectation', 'POST /login HTTP/1.1\r\nHost: x\r\nExpect: 200-maybe\r\nContent-Length: 0\r\n\r\n'],
  ]) {
    test(`${what}: a 4xx or a closed connection`, async () => {
      const answer = answerIn(await exchange(server.port, bytes, { halfClose: true, milliseconds: 3_000 }), what);
      assert.ok(answer === null || (answer.status >= 400 && answer.status < 500), `${answer?.status}`);
    });
  }

  test('Expect: 100-continue is answered', async () => {
    const text = await exchange(server.port, request('POST', '/token', { body: '{"refresh_token":"x"}', headers: { Expect: '100-continue', Connection: 'close' } }), { untilAnswer: false });
    assert.match(text, /HTTP\/1\.1 401/);
  });

  test('the server is still there', async () => assert.equal((await server.api.get('/readyz')).status, 200));

  test('a request that takes over 30 s to arrive is 408', { timeout: 60_000 }, async () => {
    for (const [what, text] of Object.entries(slow)) {
      const answer = answerIn(await text, `a slow ${what}`);
      assert.equal(answer?.status, 408, `a slow ${what}`);
      assert.equal(answer.body.type, '/problems/timeout');
    }
  });
});
