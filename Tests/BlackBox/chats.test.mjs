import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertProblem, TIME, UUID } from './support/api.mjs';
import { startServer } from './support/server.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server.stop());

const FIELDS = ['created_at', 'id', 'kind', 'last_message', 'member_count', 'members', 'read_up_to', 'state', 'title', 'unread'];
const ids = (list) => list.map((each) => each.id);

describe('direct chats', () => {
  test('are made once: 201, then 200 with the same id for both', async () => {
    const [a, b] = await server.users(2);
    const first = await a.post('/chat', { user_id: b.id });
    assert.equal(first.status, 201);
    const chat = first.body;
    assert.deepEqual(Object.keys(chat).sort(), FIELDS);
    assert.match(chat.id, UUID);
    assert.match(chat.created_at, TIME);
    assert.deepEqual([chat.kind, chat.title, chat.member_count, chat.last_message, chat.unread, chat.read_up_to, chat.state], ['direct', null, 2, null, 0, null, 'active']);
    assert.deepEqual(chat.members.map((member) => member.user_id).sort(), [a.id, b.id].sort());
    for (const member of chat.members) assert.deepEqual(Object.keys(member).sort(), ['display_name', 'read_up_to', 'user_id', 'username']);
    for (const [user, other] of [[a, b], [b, a]]) {
      const again = await user.post('/chat', { user_id: other.id.toUpperCase() });
      assert.deepEqual([again.status, again.body.id], [200, chat.id]);
    }
  });

  test('are one chat even when both create it at once', async () => {
    const [a, b] = await server.users(2);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 ? a.post('/chat', { user_id: b.id }) : b.post('/chat', { user_id: a.id }))));
    assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(9).fill(200), 201]);
  });

  test('without a message are listed for their creator only', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    assert.deepEqual(ids((await a.get('/chat')).body.chats), [chat.id]);
    assert.deepEqual((await b.get('/chat')).body, { chats: [], next: null });
    await b.direct(a);
    assert.deepEqual((await b.get('/chat')).body.chats, [], 'asking for it does not make one its creator');
    await a.send(chat, 'here it is');
    assert.deepEqual(ids((await b.get('/chat')).body.chats), [chat.id]);
  });

  test('are refused with oneself and with nobody', async () => {
    const a = await server.user();
    assertProblem(await a.post('/chat', { user_id: a.id }), 400, 'invalid_request');
    assertProblem(await a.post('/chat', { user_id: crypto.randomUUID() }), 404, 'user_not_found');
    assertProblem(await a.post('/chat', { user_id: 'nobody' }), 400, 'invalid_request', 'user_id');
    assertProblem(await a.post('/chat', {}), 400, 'invalid_request');
  });
});

describe('groups', () => {
  test('are 201 for everybody in them, listed at once', async () => {
    const [a, b, c] = await server.users(3);
    const { status, body: chat } = await a.post('/chat', { members: [b.id, c.id], title: 'Three 🐪' });
    assert.equal(status, 201);
    assert.deepEqual([chat.kind, chat.title, chat.member_count, chat.state], ['group', 'Three 🐪', 3, 'active']);
    for (const user of [a, b, c]) {
      assert.deepEqual(ids((await user.get('/chat')).body.chats), [chat.id]);
      assert.equal((await user.info(chat)).title, 'Three 🐪');
    }
  });

  test('ignore oneself and doubles, and need two others then', async () => {
    const [a, b, c] = await server.users(3);
    const { status, body } = await a.post('/chat', { members: [b.id, a.id, b.id.toUpperCase(), c.id, c.id], title: 't' });
    assert.deepEqual([status, body.member_count], [201, 3]);
    for (const members of [[], [b.id], [b.id, b.id], [b.id, a.id], [a.id, a.id, a.id]]) {
      assertProblem(await a.post('/chat', { members, title: 't' }), 400, 'invalid_request', members.length > 1 ? undefined : 'members');
    }
  });

  test('take titles of 1 to 100 scalars', async () => {
    const [a, b, c] = await server.users(3);
    for (const [title, expected] of [['', 400], ['x', 201], ['🐪'.repeat(100), 201], ['🐪'.repeat(101), 400], ['   ', 400]]) {
      const answer = await a.post('/chat', { members: [b.id, c.id], title });
      assert.equal(answer.status, expected, title);
      if (expected === 400) assertProblem(answer, 400, 'invalid_request', 'title');
      else assert.equal(answer.body.title, title);
    }
    assertProblem(await a.post('/chat', { members: [b.id, c.id] }), 400, 'invalid_request', 'title');
  });

  test('hold up to 256 others; unknown ones are 404', async () => {
    const [a, b] = await server.users(2);
    const strangers = Array.from({ length: 257 }, () => crypto.randomUUID());
    assertProblem(await a.post('/chat', { members: strangers, title: 't' }), 400, 'invalid_request', 'members');
    assertProblem(await a.post('/chat', { members: strangers.slice(1), title: 't' }), 404, 'user_not_found');
    assertProblem(await a.post('/chat', { members: [b.id, crypto.randomUUID()], title: 't' }), 404, 'user_not_found');
    assert.deepEqual((await b.get('/chat')).body.chats, [], 'a refused group leaves nothing behind');
  });

  test('without a key are new each time, with one are made once', async () => {
    const [a, b, c] = await server.users(3);
    const body = { members: [b.id, c.id], title: 'again' };
    const plain = [await a.post('/chat', body), await a.post('/chat', body)];
    assert.notEqual(plain[0].body.id, plain[1].body.id);
    const key = { 'idempotency-key': crypto.randomUUID() };
    const first = await a.post('/chat', body, key);
    assert.equal(first.status, 201);
    const again = await a.post('/chat', body, key);
    assert.deepEqual([again.status, again.body.id], [200, first.body.id]);
    const upper = await a.post('/chat', body, { 'idempotency-key': key['idempotency-key'].toUpperCase() });
    assert.deepEqual([upper.status, upper.body.id], [200, first.body.id]);
    assert.notEqual((await b.post('/chat', { ...body, members: [a.id, c.id] }, key)).body.id, first.body.id, 'a key is its sender\'s');
    assertProblem(await a.post('/chat', body, { 'idempotency-key': 'x' }), 400, 'invalid_request', 'Idempotency-Key');
  });

  test('with one key at once become one group', async () => {
    const [a, b, c] = await server.users(3);
    const key = { 'idempotency-key': crypto.randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => a.post('/chat', { members: [b.id, c.id], title: 'one' }, key)));
    assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1);
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(7).fill(200), 201]);
    assert.equal((await b.get('/chat')).body.chats.length, 1);
  });

  test('show at most 5 members, the caller among them, and page through all by username', async () => {
    const users = await server.users(9);
    const [a, ...others] = users;
    const chat = await a.group('nine', ...others);
    const names = users.map((user) => user.username).sort((x, y) => (x < y ? -1 : 1));
    for (const user of [users[0], users[8]]) {
      const { member_count, members } = await user.info(chat);
      assert.deepEqual([member_count, members.length], [9, 5]);
      assert.ok(members.some((member) => member.user_id === user.id));
    }
    for (const quantity of [1, 2, 3, 4, 8, 9, 10, 100]) {
      const pages = await others[2].pages(`/chat/${chat.id}/members`, 'members', quantity);
      assert.deepEqual(pages.flat().map((member) => member.username), names, `quantity ${quantity}`);
      assert.equal(pages.length, Math.ceil(9 / quantity), `quantity ${quantity}: next is null at the end`);
    }
    for (const query of ['quantity=0', 'quantity=101', 'quantity=x', 'after=%20', 'after=%F0%9F%90%AA']) {
      assertProblem(await a.get(`/chat/${chat.id}/members?${query}`), 400, 'invalid_request', query.split('=')[0]);
    }
  });
});

describe('GET /chat', () => {
  let a, chats;
  before(async () => {
    a = await server.user();
    chats = [];
    for (const other of await server.users(7)) {
      const chat = await a.direct(other);
      await other.send(chat, `from ${other.username}`);
      chats.unshift(Object.assign(chat, { other }));
    }
  });

  test('lists the newest activity first, in pages of every length', async () => {
    for (const quantity of [1, 2, 3, 6, 7, 8, 100]) {
      const pages = await a.pages('/chat', 'chats', quantity);
      assert.deepEqual(ids(pages.flat()), ids(chats), `quantity ${quantity}`);
      assert.equal(pages.length, Math.ceil(7 / quantity), `quantity ${quantity}: next is null at the end`);
    }
  });

  test('moves a chat to the top with a message of either side', async () => {
    const last = chats.at(-1), middle = chats[3];
    const message = await last.other.send(last, 'up');
    await a.send(middle, 'further up');
    const { body } = await a.get('/chat');
    assert.deepEqual(ids(body.chats).slice(0, 2), [middle.id, last.id]);
    assert.deepEqual(body.chats[1].last_message, message);
    assert.deepEqual([body.chats[0].unread, body.chats[1].unread], [1, 2]);
  });

  test('puts a new chat without a message on top, too', async () => {
    const chat = await a.direct(await server.user());
    assert.equal((await a.get('/chat?quantity=1')).body.chats[0].id, chat.id);
  });

  for (const query of ['quantity=0', 'quantity=101', 'quantity=-5', 'quantity=ten', 'after=nonsense!', `after=${'A'.repeat(300)}`]) {
    test(`refuses ${query.slice(0, 30)}`, async () => assertProblem(await a.get(`/chat?${query}`), 400, 'invalid_request', query.split('=')[0]));
  }

  test('GET /chat/heads answers all of mine at once, as the list has them', async () => {
    const { status, body } = await a.get('/chat/heads');
    assert.equal(status, 200);
    const listed = (await a.pages('/chat', 'chats', 100)).flat();
    const heads = new Map(body.heads.map((head) => [head.chat_id, head]));
    assert.equal(heads.size, body.heads.length);
    for (const chat of listed) {
      assert.deepEqual(heads.get(chat.id), { chat_id: chat.id, last_message_id: chat.last_message?.id ?? null, unread: chat.unread });
    }
  });
});

describe('members only', () => {
  test('a stranger gets what nobody\'s chat gets: 404 chat_not_found', async () => {
    const [a, b, c, stranger] = await server.users(4);
    const message = await a.send(await a.direct(b), 'private');
    const group = await a.group('ours', b, c);
    for (const id of [message.chat_id, group.id, crypto.randomUUID(), '0', 'nothing', 'x'.repeat(2000), '%F0%9F%90%AA']) {
      const answers = [
        await stranger.get(`/chat/${id}`),
        await stranger.get(`/chat/${id}?after=${message.id}`),
        await stranger.get(`/chat/${id}/info`),
        await stranger.get(`/chat/${id}/members`),
        await stranger.post(`/chat/${id}`, { text: 'let me in' }),
        await stranger.put(`/chat/${id}/read`, { message_id: message.id }),
      ];
      for (const answer of answers) assertProblem(answer, 404, 'chat_not_found');
    }
    assert.equal((await a.get(`/chat/${message.chat_id}`)).body.messages.length, 1);
  });

  test('a chat id is taken in any case', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    assert.equal((await b.get(`/chat/${chat.id.toUpperCase()}/info`)).body.id, chat.id);
  });
});
