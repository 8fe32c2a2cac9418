import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertProblem, assertUser } from './support/api.mjs';
import { startServer } from './support/server.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server.stop());

describe('POST /users', () => {
  const register = (fields) => server.api.post('/users', { password: 'correct horse', ...fields });

  test('answers 201 with the user, whose name is the display name where none is given', async () => {
    const { status, body } = await register({ username: 'fresh' });
    assert.equal(status, 201);
    assertUser(body);
    assert.deepEqual([body.username, body.display_name], ['fresh', 'fresh']);
    assert.ok(Math.abs(Date.parse(body.created_at) - Date.now()) < 60_000);
    assert.deepEqual(Object.keys(body).sort(), ['created_at', 'display_name', 'id', 'username']);
  });

  test('folds the case of a username, so that it is taken in any case', async () => {
    const { status, body } = await register({ username: 'MiXed.Case_1-x' });
    assert.deepEqual([status, body.username], [201, 'mixed.case_1-x']);
    assertProblem(await register({ username: 'MIXED.case_1-X' }), 409, 'username_taken');
    assert.equal((await server.api.post('/login', { username: 'mIXED.CASE_1-X', password: 'correct horse' })).status, 200);
  });

  test('lets one of many who ask for a name at once have it', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => register({ username: 'contested' })));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [201, 409, 409, 409, 409, 409]);
  });

  for (const username of ['', 'ab', 'a'.repeat(33), 'a b', 'ab/', 'äbc', 'ａｂｃ', 'a😀b', 'abc\n', '\u212Aelvin']) {
    test(`refuses the username ${JSON.stringify(username)}`, async () => {
      assertProblem(await register({ username }), 400, 'invalid_request', 'username');
    });
  }

  for (const username of ['a.b', '___', '---', '...', '0-9', 'z'.repeat(32)]) {
    test(`takes the username ${username}`, async () => assert.equal((await register({ username })).status, 201));
  }

  test('holds passwords to 8 to 256 characters', async () => {
    for (const [password, status] of [['1234567', 400], ['12345678', 201], ['p'.repeat(256), 201], ['p'.repeat(257), 400], ['é'.repeat(256), 201], ['😀'.repeat(8), 201]]) {
      const answer = await register({ username: `pw${status}.${password.length}.${password.codePointAt(0)}`, password });
      assert.equal(answer.status, status, `${password.length} × ${password[0]}`);
      if (status === 400) assertProblem(answer, 400, 'invalid_request', 'password');
    }
  });

  test('counts display names in Unicode scalars, 1 to 64', async () => {
    for (const [display_name, status] of [['', 400], ['x', 201], ['😀'.repeat(64), 201], ['😀'.repeat(65), 400], ['   ', 400]]) {
      const answer = await register({ username: `dn${status}.${display_name.length}`, display_name });
      assert.equal(answer.status, status, display_name);
      if (status === 201) assert.equal(answer.body.display_name, display_name);
      else assertProblem(answer, 400, 'invalid_request', 'display_name');
    }
  });
});

describe('GET /users', () => {
  let caller, others;
  before(async () => {
    caller = await server.user('The Caller');
    others = [];
    for (let index = 0; index < 7; index++) {
      const answer = await server.api.post('/users', { username: `srch${index}`, password: 'correct horse', display_name: `Zed Number ${index}` });
      others.push(answer.body);
    }
  });

  test('without a query lists everybody by username, a page at a time', async () => {
    const whole = (await caller.pages('/users', 'users', 100)).flat();
    whole.forEach(assertUser);
    const names = whole.map((user) => user.username);
    assert.deepEqual(names, [...names].sort((a, b) => (a < b ? -1 : 1)));
    assert.equal(new Set(names).size, names.length);
    for (const quantity of [1, 3, names.length - 1, names.length]) {
      const pages = await caller.pages('/users', 'users', quantity);
      assert.deepEqual(pages.flat().map((user) => user.username), names, `quantity ${quantity}`);
      assert.ok(pages.slice(0, -1).every((page) => page.length === quantity));
    }
  });

  test('holds 20 a page where nothing is said', async () => {
    const { body } = await caller.get('/users');
    assert.equal(body.users.length, 20);
    assert.equal(typeof body.next, 'string');
  });

  for (const query of ['srch', 'SRCH', 'zed number', 'Zed N']) {
    test(`finds by the prefix ${JSON.stringify(query)}, in pages too`, async () => {
      for (const quantity of [2, 7, 100]) {
        const found = (await caller.pages(`/users?query=${encodeURIComponent(query)}`, 'users', quantity)).flat();
        assert.deepEqual(found.map((user) => user.id).sort(), others.map((user) => user.id).sort());
      }
    });
  }

  test('takes wildcards of SQL as what they are', async () => {
    for (const query of ['%', 's%', 'srch_', "srch'", 'srch"', 'srch*', '\\']) {
      const { status, body } = await caller.get(`/users?query=${encodeURIComponent(query)}`);
      assert.deepEqual([status, body.users.filter((user) => user.username.startsWith('srch'))], [200, []], query);
    }
  });

  test('looks ids up in any case, leaves unknown ones out and has no next', async () => {
    const ids = [others[0].id, others[3].id.toUpperCase(), crypto.randomUUID()];
    const { status, body } = await caller.get(`/users?ids=${ids.join(',')}`);
    assert.equal(status, 200);
    assert.equal(body.next, null);
    assert.deepEqual(body.users.map((user) => user.id).sort(), [others[0].id, others[3].id].sort());
  });

  test('takes 100 ids and refuses 101', async () => {
    const ids = Array.from({ length: 101 }, () => crypto.randomUUID());
    assert.deepEqual((await caller.get(`/users?ids=${ids.slice(1).join(',')}`)).body, { users: [], next: null });
    assertProblem(await caller.get(`/users?ids=${ids.join(',')}`), 400, 'invalid_request', 'ids');
    assertProblem(await caller.get('/users?ids=nobody'), 400, 'invalid_request', 'ids');
  });

  for (const query of ['quantity=0', 'quantity=101', 'quantity=-1', 'quantity=x', 'quantity=1.5', 'quantity=', 'quantity=99999999999999999999', 'after=%20', 'after=nonsense', 'query=%ff', 'query=%zz', 'query=%00', 'query=%']) {
    test(`refuses ${query}`, async () => {
      assertProblem(await caller.get(`/users?${query}`), 400, 'invalid_request', query.startsWith('query') ? undefined : query.split('=')[0]);
    });
  }
});

describe('/users/me', () => {
  test('shows oneself with admin, which nobody else is shown', async () => {
    const user = await server.user('Me Myself');
    const { status, body } = await user.get('/users/me');
    assert.equal(status, 200);
    assert.deepEqual(body, { ...user.user, admin: false });
    const other = await server.user();
    const { body: seen } = await other.get(`/users?ids=${user.id}`);
    assert.equal('admin' in seen.users[0], false);
  });

  test('PATCH changes the display name for everybody, search and chats too', async () => {
    const [user, other] = await server.users(2);
    const chat = await user.direct(other);
    const { status, body } = await user.patch('/users/me', { display_name: 'Qwertz the New' });
    assert.deepEqual([status, body.display_name, body.admin], [200, 'Qwertz the New', false]);
    const { body: found } = await other.get('/users?query=qwertz');
    assert.deepEqual(found.users.map((each) => each.id), [user.id]);
    const member = (await other.info(chat)).members.find((each) => each.user_id === user.id);
    assert.equal(member.display_name, 'Qwertz the New');
  });

  test('PATCH refuses names out of the limits', async () => {
    const user = await server.user();
    for (const display_name of ['', ' ', 'x'.repeat(65)]) {
      assertProblem(await user.patch('/users/me', { display_name }), 400, 'invalid_request', 'display_name');
    }
    assertProblem(await user.patch('/users/me', {}), 400, 'invalid_request', 'display_name');
  });
});

describe('PUT /users/me/password', () => {
  test('answers 401 invalid_credentials for a wrong old one and changes nothing', async () => {
    const user = await server.user();
    assertProblem(await user.put('/users/me/password', { old: 'wrong horse', new: 'battery staple' }), 401, 'invalid_credentials');
    await server.login(user.username);
  });

  test('refuses a new one out of the limits', async () => {
    const user = await server.user();
    assertProblem(await user.put('/users/me/password', { old: user.password, new: 'short' }), 400, 'invalid_request', 'new');
  });

  test('kills all other sessions, but not the one that asks', async () => {
    const user = await server.user();
    const other = await server.login(user.username);
    assert.equal((await user.put('/users/me/password', { old: user.password, new: 'battery staple' })).status, 204);
    assert.equal((await server.api.post('/token', { refresh_token: other.session.refresh_token })).status, 401);
    assert.equal((await server.api.post('/token', { refresh_token: user.session.refresh_token })).status, 200);
    assertProblem(await server.api.post('/login', { username: user.username, password: user.password }), 401, 'invalid_credentials');
    await server.login(user.username, 'battery staple');
  });
});
