import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertProblem, TIME, ZERO_ID } from './support/api.mjs';
import { startServer } from './support/server.mjs';
import { assertRising, compareIds, parts, shifted } from './support/timeuuid.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server.stop());

const ids = (messages) => messages.map((message) => message.id);

/** Follows `next` in one direction: `time` towards the past, `after` towards the present. */
async function history(user, chat, direction, quantity, start) {
  const pages = [];
  for (let from = start; ;) {
    const query = new URLSearchParams({ quantity, ...(from && { [direction]: from }) });
    const { status, body, text } = await user.get(`/chat/${chat.id}?${query}`);
    assert.equal(status, 200, text);
    pages.push(body.messages);
    if (body.next === null) return pages;
    assert.equal(body.next, body.messages.at(-1).id);
    assert.equal(body.messages.length, quantity, 'a page before the last is full');
    from = body.next;
  }
}

describe('POST /chat/{id}', () => {
  test('answers 201 with the message, readable at once for everybody', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    const message = await a.send(chat, 'Ünïcödé 🐪\n‮x');
    assert.deepEqual(Object.keys(message).sort(), ['chat_id', 'id', 'key', 'kind', 'sender_id', 'sent_at', 'text']);
    assert.deepEqual([message.chat_id, message.sender_id, message.kind, message.text, message.key], [chat.id, a.id, 'text', 'Ünïcödé 🐪\n‮x', null]);
    assert.match(message.sent_at, TIME);
    const stamp = Number((parts(message.id)[0] - 0x01b21dd213814000n) / 10_000n);
    assert.ok(Math.abs(stamp - Date.parse(message.sent_at)) < 5_000, 'the id\'s time is about sent_at');
    for (const user of [a, b]) assert.deepEqual((await user.get(`/chat/${chat.id}`)).body, { messages: [message], next: null });
  });

  test('takes 1 to 4,000 scalars, not all blank', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    for (const [text, expected] of [['', 400], [' \t\r\n', 400], ['\u3000\u00a0', 400], ['x', 201], ['🐪'.repeat(4000), 201], ['🐪'.repeat(4001), 400], ['a'.repeat(4000), 201], ['a'.repeat(4001), 400]]) {
      const answer = await a.post(`/chat/${chat.id}`, { text });
      assert.equal(answer.status, expected, `${text.length} units`);
      if (expected === 400) assertProblem(answer, 400, 'invalid_request', 'text');
      else assert.equal(answer.body.text, text);
    }
  });

  test('keeps text as it was sent', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    for (const text of ['  kept blanks  ', 'e\u0301 and \u00e9', '\u200fעברית\u200e', '\\" \u2028 \u2029 </script> \u007f', '\u{10ffff}\ufffd', '0', 'null', "Robert'); DROP TABLE messages;--", '\u0001\u001f']) {
      assert.equal((await a.send(chat, text)).text, text);
      assert.equal((await b.get(`/chat/${chat.id}?quantity=1`)).body.messages[0].text, text);
    }
  });

  test('with a repeated key answers 200 and the first message', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    const key = crypto.randomUUID();
    const first = await a.send(chat, 'once', { 'idempotency-key': key });
    assert.equal(first.key, key);
    await a.send(chat, 'between');
    for (const written of [key, key.toUpperCase()]) {
      const again = await a.post(`/chat/${chat.id}`, { text: 'once' }, { 'idempotency-key': written });
      assert.equal(again.status, 200);
      assert.deepEqual(again.body, first);
    }
    assertProblem(await a.post(`/chat/${chat.id}`, { text: 'other' }, { 'idempotency-key': key }), 409, 'key_reused');
    assert.equal((await a.get(`/chat/${chat.id}`)).body.messages.length, 2);
  });

  test('with one key many times at once makes one message', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    const key = { 'idempotency-key': crypto.randomUUID() };
    const answers = await Promise.all(Array.from({ length: 12 }, () => a.post(`/chat/${chat.id}`, { text: 'same' }, key)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(11).fill(200), 201]);
    assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1);
    assert.equal((await b.get(`/chat/${chat.id}`)).body.messages.length, 1);
  });

  test('keeps keys apart by sender and by chat, and shows them to the sender only', async () => {
    const [a, b, c] = await server.users(3);
    const chat = await a.direct(b), other = await a.direct(c);
    const key = crypto.randomUUID(), headers = { 'idempotency-key': key };
    const sent = [await a.send(chat, 'one', headers), await b.send(chat, 'two', headers), await a.send(other, 'three', headers)];
    assert.equal(new Set(ids(sent)).size, 3);
    for (const [user, keys] of [[a, [null, key]], [b, [key, null]]]) {
      assert.deepEqual((await user.get(`/chat/${chat.id}`)).body.messages.map((message) => message.key), keys);
      const { last_message } = await user.info(chat);
      assert.equal(last_message.key, user === b ? key : null);
      assert.equal((await user.get('/chat')).body.chats.find((each) => each.id === chat.id).last_message.key, user === b ? key : null);
    }
  });

  test('refuses keys and devices that are no UUIDs', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    for (const header of ['Idempotency-Key', 'Caravan-Device']) {
      for (const value of ['x', '1', `${crypto.randomUUID()}0`]) {
        assertProblem(await a.post(`/chat/${chat.id}`, { text: 't' }, { [header]: value }), 400, 'invalid_request', header);
      }
    }
    await a.send(chat, 't', { 'Idempotency-Key': crypto.randomUUID(), 'Caravan-Device': crypto.randomUUID() });
  });
});

describe('GET /chat/{id}', () => {
  let a, b, chat, sent;
  before(async () => {
    [a, b] = await server.users(2);
    chat = await a.direct(b);
    sent = [];
    for (let index = 0; index < 24; index++) sent.push(await (index % 3 ? a : b).send(chat, `message ${index}`));
  });

  test('ids rise with every send', () => assertRising(ids(sent)));

  for (const quantity of [1, 2, 5, 8, 12, 23, 24, 25, 200]) {
    test(`pages of ${quantity} hold everything once, in both directions`, async () => {
      const back = await history(b, chat, 'time', quantity);
      assert.deepEqual(ids(back.flat()), ids(sent).reverse());
      const forth = await history(b, chat, 'after', quantity, ZERO_ID);
      assert.deepEqual(ids(forth.flat()), ids(sent));
      for (const pages of [back, forth]) assert.equal(pages.length, Math.ceil(24 / quantity), 'next is null when nothing lies beyond');
    });
  }

  test('holds 10 where nothing is said', async () => {
    const { body } = await a.get(`/chat/${chat.id}`);
    assert.deepEqual(ids(body.messages), ids(sent).slice(14).reverse());
    assert.equal(body.next, sent[14].id);
    assert.deepEqual(ids((await a.get(`/chat/${chat.id}?after=${ZERO_ID}`)).body.messages), ids(sent).slice(0, 10));
  });

  test('time and after are strict, with ids of messages and between them', async () => {
    for (const index of [0, 1, 11, 22, 23]) {
      const { id } = sent[index];
      for (const [edge, below, above] of [[id, index, index + 1], [id.toUpperCase(), index, index + 1], [shifted(id, 1), index + 1, index + 1], [shifted(id, -1), index, index]]) {
        const before = (await a.get(`/chat/${chat.id}?time=${edge}&quantity=200`)).body;
        assert.deepEqual(ids(before.messages), ids(sent).slice(0, below).reverse());
        const later = (await a.get(`/chat/${chat.id}?after=${edge}&quantity=200`)).body;
        assert.deepEqual(ids(later.messages), ids(sent).slice(above));
        assert.deepEqual([before.next, later.next], [null, null]);
      }
    }
    assert.deepEqual((await a.get(`/chat/${chat.id}?time=${ZERO_ID}`)).body, { messages: [], next: null });
    assert.deepEqual((await a.get(`/chat/${chat.id}?after=ffffffff-ffff-1fff-bfff-ffffffffffff`)).body, { messages: [], next: null });
    assert.equal((await a.get(`/chat/${chat.id}?time=ffffffff-ffff-1fff-bfff-ffffffffffff&quantity=200`)).body.messages.length, 24);
  });

  test('orders by time, not by text', async () => {
    // The text of a TimeUUID begins with the lowest bits of its time: this one is textually above all, and older.
    const old = shifted(sent[0].id, -(2n ** 40n));
    for (const edge of [old, `ffffffff${old.slice(8)}`]) {
      assert.ok(compareIds(edge, sent[0].id) < 0);
      assert.equal((await a.get(`/chat/${chat.id}?after=${edge}&quantity=200`)).body.messages.length, 24);
      assert.equal((await a.get(`/chat/${chat.id}?time=${edge}`)).body.messages.length, 0);
    }
  });

  for (const query of ['time=x', 'time=', `time=${crypto.randomUUID()}`, 'after=x', 'after=', `after=${crypto.randomUUID()}`, `time=${ZERO_ID}&after=${ZERO_ID}`,
    'quantity=0', 'quantity=201', 'quantity=-1', 'quantity=x', 'quantity=1e2', 'quantity=18446744073709551617', `time=${ZERO_ID}%00`]) {
    test(`refuses ${query}`, async () => assertProblem(await a.get(`/chat/${chat.id}?${query}`), 400, 'invalid_request'));
  }

  test('a pager never misses one while three write at once', async () => {
    const writers = await server.users(3);
    const group = await writers[0].group('busy', writers[1], writers[2]);
    let writing = true;
    const seen = [];
    const pager = (async () => {
      for (let cursor = ZERO_ID, last = false; !last;) {
        last = !writing;
        const { messages } = (await writers[2].get(`/chat/${group.id}?after=${cursor}&quantity=7`)).body;
        seen.push(...messages);
        if (messages.length > 0) { cursor = messages.at(-1).id; last = false; }
      }
    })();
    const written = await Promise.all(writers.map(async (writer, number) => {
      const own = [];
      for (let index = 0; index < 25; index++) own.push(await writer.send(group, `${number}/${index}`));
      return own;
    }));
    writing = false;
    await pager;
    assertRising(ids(seen));
    assert.deepEqual(ids(seen).sort(), ids(written.flat()).sort());
    for (const own of written) assertRising(ids(own));
  });
});

describe('PUT /chat/{id}/read', () => {
  const mark = (user, chat, message_id) => user.put(`/chat/${chat.id}/read`, { message_id });

  test('counts down what others wrote, and never moves backwards', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    const sent = [];
    for (let index = 0; index < 6; index++) sent.push(await a.send(chat, `${index}`));
    assert.deepEqual([(await b.info(chat)).unread, (await b.info(chat)).read_up_to], [6, null]);
    assert.equal((await a.info(chat)).unread, 0, 'own messages are not unread');
    for (const [index, unread, upTo] of [[1, 4, 1], [3, 2, 3], [0, 2, 3], [3, 2, 3], [5, 0, 5], [2, 0, 5]]) {
      assert.equal((await mark(b, chat, sent[index].id)).status, 204);
      const info = await b.info(chat);
      assert.deepEqual([info.unread, info.read_up_to], [unread, sent[upTo].id]);
      assert.equal((await b.get('/chat/heads')).body.heads[0].unread, unread);
      const seen = (await a.get(`/chat/${chat.id}/members`)).body.members.find((member) => member.user_id === b.id);
      assert.equal(seen.read_up_to, sent[upTo].id, 'others see the mark');
    }
    await b.send(chat, 'mine');
    await a.send(chat, 'theirs');
    assert.equal((await b.info(chat)).unread, 1);
  });

  test('refuses an id beyond the last, one that is no TimeUUID, and any in an empty chat', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    const now = shifted(ZERO_ID, 0x01b21dd213814000n + BigInt(Date.now()) * 10_000n);
    assertProblem(await mark(a, chat, now), 400, 'invalid_request', 'message_id');
    const last = await a.send(chat, 'x');
    assertProblem(await mark(b, chat, shifted(last.id, 1)), 400, 'invalid_request', 'message_id');
    assertProblem(await mark(b, chat, 'ffffffff-ffff-1fff-bfff-ffffffffffff'), 400, 'invalid_request', 'message_id');
    assertProblem(await mark(b, chat, crypto.randomUUID()), 400, 'invalid_request', 'message_id');
    assertProblem(await mark(b, chat, 'x'), 400, 'invalid_request', 'message_id');
    assert.equal((await mark(b, chat, last.id.toUpperCase())).status, 204);
    assert.equal((await b.info(chat)).read_up_to, last.id);
  });

  test('unread is counted to 100 and no further', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    const sent = [];
    for (let index = 0; index < 103; index++) sent.push(await a.send(chat, `${index}`));
    assert.equal((await b.info(chat)).unread, 100);
    assert.equal((await b.get('/chat')).body.chats[0].unread, 100);
    assert.equal((await b.get('/chat/heads')).body.heads[0].unread, 100);
    await mark(b, chat, sent[2].id);
    assert.equal((await b.info(chat)).unread, 100);
    await mark(b, chat, sent[3].id);
    assert.equal((await b.info(chat)).unread, 99);
  });

  test('marks that come all at once end at the highest', async () => {
    const [a, b] = await server.users(2);
    const chat = await a.direct(b);
    const sent = [];
    for (let index = 0; index < 12; index++) sent.push(await a.send(chat, `${index}`));
    await Promise.all([...sent].sort(() => Math.random() - 0.5).map((message) => mark(b, chat, message.id)));
    assert.equal((await b.info(chat)).read_up_to, sent.at(-1).id);
  });
});
