import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Api, assertProblem, assertUser } from './support/api.mjs';
import { startServer } from './support/server.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server.stop());

const refresh = (session) => server.api.post('/token', { refresh_token: session.refresh_token });
const decoded = (part) => JSON.parse(Buffer.from(part, 'base64url'));
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('POST /login', () => {
  test('answers a session', async () => {
    const { session } = await server.user();
    assert.deepEqual(Object.keys(session).sort(), ['access_token', 'expires_in', 'refresh_token', 'token_type', 'user']);
    assert.deepEqual([session.token_type, session.expires_in], ['Bearer', 900]);
    assertUser(session.user);
  });

  test('answers the same for a wrong password as for an unknown user', async () => {
    const user = await server.user();
    const answers = [
      await server.api.post('/login', { username: user.username, password: 'wrong horse' }),
      await server.api.post('/login', { username: 'nobody-here', password: 'wrong horse' }),
      await server.api.post('/login', { username: 'no such name!', password: 'x' }),
    ];
    for (const answer of answers) assertProblem(answer, 401, 'invalid_credentials');
    const seen = answers.map(({ body }) => ({ ...body, request_id: null }));
    assert.deepEqual(seen[1], seen[0]);
    assert.deepEqual(seen[2], seen[0]);
  });

  test('takes about as long for an unknown user', async () => {
    const user = await server.user();
    const median = async (username) => {
      const times = [];
      for (let index = 0; index < 7; index++) {
        const started = performance.now();
        await server.api.post('/login', { username, password: 'wrong horse' });
        times.push(performance.now() - started);
      }
      return times.sort((a, b) => a - b)[3];
    };
    const known = await median(user.username), unknown = await median('nobody-here');
    assert.ok(unknown > known / 3 && unknown < known * 3, `${known} ms against ${unknown} ms`);
  });
});

describe('POST /token', () => {
  test('rotates: the new session works and its tokens are new', async () => {
    const user = await server.user();
    const { status, body } = await refresh(user.session);
    assert.equal(status, 200);
    assert.notEqual(body.refresh_token, user.session.refresh_token);
    assert.notEqual(body.access_token, user.session.access_token);
    assert.deepEqual(body.user, user.user);
    assert.equal((await new Api(server.base, body.access_token).get('/users/me')).status, 200);
  });

  test('takes the old token again while its successor is unused: its answer was lost', async () => {
    const { session } = await server.user();
    assert.equal((await refresh(session)).status, 200);
    const again = await refresh(session);
    assert.equal(again.status, 200);
    assert.equal((await refresh(again.body)).status, 200);
  });

  test('kills the family when the old token comes after its successor was used', async () => {
    const { session } = await server.user();
    const second = (await refresh(session)).body;
    const third = (await refresh(second)).body;
    assertProblem(await refresh(session), 401, 'refresh_reused');
    for (const each of [third, second, session]) assert.equal((await refresh(each)).status, 401);
  });

  test('leaves other sessions of the user alone when a family dies', async () => {
    const user = await server.user();
    const other = await server.login(user.username);
    const second = (await refresh(user.session)).body;
    await refresh(second);
    assertProblem(await refresh(user.session), 401, 'refresh_reused');
    assert.equal((await refresh(other.session)).status, 200);
  });

  test('answers two tabs that refresh at once, and the session goes on', async () => {
    const { session } = await server.user();
    const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(session)));
    assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200, 200]);
    assert.equal((await refresh(answers[3].body)).status, 200);
  });

  test('answers 401 for what is no refresh token', async () => {
    const { session } = await server.user();
    const flipped = session.refresh_token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    for (const refresh_token of ['', 'x', flipped, session.access_token, 'a'.repeat(5000), '😀']) {
      assert.equal((await server.api.post('/token', { refresh_token })).status, 401);
    }
    assert.equal((await refresh(session)).status, 200);
  });
});

describe('POST /logout', () => {
  test('ends the family and answers 204 however often', async () => {
    const { session } = await server.user();
    const second = (await refresh(session)).body;
    for (const refresh_token of [second.refresh_token, second.refresh_token, session.refresh_token, 'never alive']) {
      assert.equal((await server.api.post('/logout', { refresh_token })).status, 204);
    }
    assert.equal((await refresh(second)).status, 401);
    assert.equal((await refresh(session)).status, 401);
  });

  test('with an older token of the family ends it too', async () => {
    const { session } = await server.user();
    const second = (await refresh(session)).body;
    assert.equal((await server.api.post('/logout', { refresh_token: session.refresh_token })).status, 204);
    assert.equal((await refresh(second)).status, 401);
  });
});

describe('access tokens', () => {
  test('are EdDSA JWTs that the published keys verify', async () => {
    const { session, id } = await server.user();
    const { status, body } = await server.api.get('/.well-known/jwks.json');
    assert.equal(status, 200);
    const [head, claims, signature] = session.access_token.split('.');
    assert.equal(decoded(head).alg, 'EdDSA');
    const key = body.keys.find((each) => each.kid === decoded(head).kid);
    assert.deepEqual([key.kty, key.crv, 'd' in key], ['OKP', 'Ed25519', false]);
    assert.ok(verify(null, Buffer.from(`${head}.${claims}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url')));
    const { iss, aud, sub, iat, exp, jti } = decoded(claims);
    assert.ok(iss && aud && jti);
    assert.deepEqual([sub, exp - iat], [id, 900]);
  });

  test('are refused when tampered with, unsigned or signed by somebody else', async () => {
    const { session, id } = await server.user();
    const other = await server.user();
    const [head, claims, signature] = session.access_token.split('.');
    const header = decoded(head), body = decoded(claims);
    const flipped = Buffer.from(signature, 'base64url');
    flipped[10] ^= 1;
    const bad = {
      'nothing': '', 'a word': 'x', 'dots': '..', 'four parts': `${session.access_token}.x`,
      'no signature': `${head}.${claims}.`, 'two parts': `${head}.${claims}`,
      'alg none': `${encoded({ ...header, alg: 'none' })}.${claims}.`,
      'alg None with the signature': `${encoded({ ...header, alg: 'None' })}.${claims}.${signature}`,
      'alg HS256': `${encoded({ ...header, alg: 'HS256' })}.${claims}.${signature}`,
      'an unknown kid': `${encoded({ ...header, kid: 'other' })}.${claims}.${signature}`,
      'no kid': `${encoded({ alg: 'EdDSA', typ: 'JWT' })}.${claims}.${signature}`,
      'a later exp': `${head}.${encoded({ ...body, exp: body.exp + 9000 })}.${signature}`,
      'an expired one': `${head}.${encoded({ ...body, exp: body.iat - 9000 })}.${signature}`,
      'somebody else\'s sub': `${head}.${encoded({ ...body, sub: other.id })}.${signature}`,
      'somebody else\'s signature': `${head}.${claims}.${other.session.access_token.split('.')[2]}`,
      'a flipped bit': `${head}.${claims}.${flipped.toString('base64url')}`,
      'a padded one': `${session.access_token}==`,
      'claims that are no JSON': `${head}.${Buffer.from('nonsense').toString('base64url')}.${signature}`,
      'the refresh token': session.refresh_token, 'a very long one': 'a'.repeat(8000), 'the user id': id,
    };
    for (const [what, token] of Object.entries(bad)) {
      assertProblem(await server.api.get('/users/me', { authorization: `Bearer ${token}` }), 401, 'unauthorized');
      assert.ok(what);
    }
    for (const authorization of [session.access_token, `Basic ${session.access_token}`, 'Bearer', `Bearer ${session.access_token} x`]) {
      assertProblem(await server.api.get('/users/me', { authorization }), 401, 'unauthorized');
    }
  });

  test('are never taken from a URL or a cookie', async () => {
    const { session } = await server.user();
    for (const name of ['access_token', 'token', 'authorization']) {
      assertProblem(await server.api.get(`/users/me?${name}=${session.access_token}`), 401, 'unauthorized');
    }
    assertProblem(await server.api.get('/users/me', { cookie: `access_token=${session.access_token}` }), 401, 'unauthorized');
  });

  test('are asked for by every route that is not open', async () => {
    const id = crypto.randomUUID();
    const routes = ['GET /users', 'GET /users/me', 'PATCH /users/me', 'PUT /users/me/password', 'POST /firebase-token', 'POST /chat', 'GET /chat', 'GET /chat/heads',
      `GET /chat/${id}`, `GET /chat/${id}/info`, `GET /chat/${id}/members`, `POST /chat/${id}`, `PUT /chat/${id}/read`, `PUT /attention/${id}`, `DELETE /attention/${id}`, `GET /stream?device=${id}`];
    for (const route of routes) {
      const [method, path] = route.split(' ');
      const answer = await server.api.call(method, path, { json: ['GET', 'DELETE'].includes(method) ? undefined : {} });
      assertProblem(answer, 401, 'unauthorized');
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer\b/, route);
    }
  });
});

test('POST /firebase-token answers 404 not_configured without Firebase', async () => {
  assertProblem(await (await server.user()).call('POST', '/firebase-token'), 404, 'not_configured');
});
