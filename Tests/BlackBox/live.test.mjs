import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertProblem } from './support/api.mjs';
import { startServer } from './support/server.mjs';
import { EventStream } from './support/stream.mjs';
import { assertRising } from './support/timeuuid.mjs';

let server;
const open = [];
const stream = async (...args) => { const opened = await EventStream.open(...args); open.push(opened); return opened; };
before(async () => { server = await startServer(); });
after(async () => {
  await Promise.all(open.map((each) => each.close()));
  await server.stop();
});

async function pair() {
  const [a, b] = await server.users(2);
  return { a, b, chat: await a.direct(b) };
}

describe('/attention/{device}', () => {
  const look = (user, device, body = {}) => user.put(`/attention/${device}`, { channel: 'stream', viewing: [], ...body });

  test('answers epoch, seq, expires_in and channel', async () => {
    const { a, chat } = await pair();
    const device = crypto.randomUUID();
    const { status, body } = await look(a, device, { viewing: [chat.id] });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body).sort(), ['channel', 'epoch', 'expires_in', 'seq']);
    assert.deepEqual([typeof body.epoch, body.seq, body.channel], ['string', 0, 'stream']);
    assert.ok(body.expires_in > 25 && body.expires_in <= 60);
  });

  test('keeps the epoch for as long as somebody looks, and is one for all devices', async () => {
    const { a } = await pair();
    const first = crypto.randomUUID();
    const { body: { epoch } } = await look(a, first);
    assert.equal((await look(a, crypto.randomUUID())).body.epoch, epoch);
    assert.equal((await stream(a).then((each) => each.event('ready'))).data.epoch, epoch);
    assert.equal((await a.delete(`/attention/${first}`)).status, 204);
    assert.equal((await look(a, crypto.randomUUID())).body.epoch, epoch);
  });

  test('starts another epoch after the last one stopped looking', async () => {
    const { a } = await pair();
    const device = crypto.randomUUID();
    const { body: { epoch } } = await look(a, device);
    assert.equal((await a.delete(`/attention/${device}`)).status, 204);
    assert.notEqual((await look(a, device)).body.epoch, epoch);
  });

  test('DELETE answers 204 for a device that never looked, too', async () => {
    const { a } = await pair();
    const device = crypto.randomUUID();
    for (let index = 0; index < 3; index++) assert.equal((await a.delete(`/attention/${device}`)).status, 204);
  });

  test('names the last seq, so that the next news is one above', async () => {
    const { a, b, chat } = await pair();
    const reader = await stream(b);
    const { data: base } = await reader.event('ready');
    const message = await a.send(chat, 'one');
    await reader.message(message.id);
    const { body } = await look(b, reader.device);
    assert.deepEqual([body.epoch, body.seq], [base.epoch, base.seq + 1]);
  });

  test('switches from Firestore to the stream where there is no Firestore', async () => {
    const { a } = await pair();
    const { status, body } = await look(a, crypto.randomUUID(), { channel: 'firestore' });
    assert.deepEqual([status, body.epoch, body.channel], [200, null, 'stream']);
  });

  test('takes up to 8 chats, in any case, and no other channel', async () => {
    const { a, chat } = await pair();
    const device = crypto.randomUUID();
    assert.equal((await look(a, device.toUpperCase(), { viewing: Array(8).fill(0).map(() => crypto.randomUUID()) })).status, 200);
    assertProblem(await look(a, device, { viewing: Array(9).fill(0).map(() => crypto.randomUUID()) }), 400, 'invalid_request', 'viewing');
    for (const channel of ['', 'Stream', 'pigeon']) assertProblem(await look(a, device, { channel }), 400, 'invalid_request', 'channel');
    for (const viewing of [['x'], [1], 'x', [chat.id, null]]) assertProblem(await look(a, device, { viewing }), 400, 'invalid_request', 'viewing');
  });

  test('refuses devices that are no UUIDs', async () => {
    const { a } = await pair();
    for (const device of ['x', '0', `${crypto.randomUUID()}0`, '%00', '%F0%9F%90%AA']) {
      assertProblem(await look(a, device), 400, 'invalid_request');
      assertProblem(await a.delete(`/attention/${device}`), 400, 'invalid_request');
    }
  });
});

describe('GET /stream', () => {
  test('begins with ready and has the headers that proxies need', async () => {
    const { a } = await pair();
    const reader = await stream(a);
    assert.match(reader.headers.get('content-type'), /^text\/event-stream\b/);
    assert.equal(reader.headers.get('cache-control'), 'no-cache, no-transform');
    assert.equal(reader.headers.get('x-accel-buffering'), 'no');
    const { data } = await reader.event('ready');
    assert.deepEqual(Object.keys(data).sort(), ['epoch', 'seq']);
    assert.equal(reader.events[0].event, 'ready');
  });

  test('refuses a device that is missing or no UUID', async () => {
    const { a } = await pair();
    for (const query of ['', '?device=', '?device=x', '?device=%00']) {
      assertProblem(await a.get(`/stream${query}`), 400, 'invalid_request', query.includes('%') ? 'query' : 'device');
    }
  });

  test('brings news without a gap to recipient and sender, and to nobody else', async () => {
    const { a, b, chat } = await pair();
    const stranger = await server.user();
    const readers = [await stream(a), await stream(b), await stream(b)];
    const outside = await stream(stranger);
    const bases = await Promise.all(readers.map(async (reader) => (await reader.event('ready')).data));
    await outside.event('ready');
    const sent = [];
    for (let index = 0; index < 15; index++) sent.push(await (index % 2 ? a : b).send(chat, `news ${index}`, { 'idempotency-key': crypto.randomUUID() }));
    for (const [index, reader] of readers.entries()) {
      const own = index === 0 ? a : b;
      await reader.message(sent.at(-1).id);
      assert.deepEqual(reader.messages, sent.map((message) => ({ ...message, key: message.sender_id === own.id ? message.key : null })));
      reader.assertContiguous(bases[index]);
      for (const { data } of reader.news) {
        assert.deepEqual(Object.keys(data).sort(), ['epoch', 'first', 'news', 'reads', 'seq']);
        for (const entry of data.news) assert.equal(entry.chat_id, chat.id);
      }
      assert.equal(reader.events.filter((event) => event.event === 'ready').length, 1);
    }
    assert.deepEqual(outside.messages, []);
  });

  test('brings the news of a chat that is new to the recipient', async () => {
    const [a, b, c] = await server.users(3);
    const reader = await stream(b);
    await reader.event('ready');
    const group = await a.group('new', b, c);
    const message = await a.send(group, 'hello all');
    assert.equal((await reader.message(message.id)).chat_id, group.id);
  });

  test('sends a message of a repeated key once', async () => {
    const { a, b, chat } = await pair();
    const reader = await stream(b);
    const { data: base } = await reader.event('ready');
    const key = { 'idempotency-key': crypto.randomUUID() };
    await a.send(chat, 'once', key);
    for (let index = 0; index < 3; index++) assert.equal((await a.post(`/chat/${chat.id}`, { text: 'once' }, key)).status, 200);
    const last = await a.send(chat, 'last');
    await reader.message(last.id);
    assert.deepEqual(reader.messages.map((message) => message.text), ['once', 'last']);
    reader.assertContiguous(base);
  });

  test('replays what came after Last-Event-ID', async () => {
    const { a, b, chat } = await pair();
    const first = await stream(b);
    const { data: base } = await first.event('ready');
    const seen = await a.send(chat, 'seen');
    await first.message(seen.id);
    const lastEventId = first.news.at(-1).id;
    await first.close();
    const missed = [await a.send(chat, 'missed 1'), await a.send(chat, 'missed 2')];
    const second = await stream(b, { device: first.device, lastEventId });
    await second.message(missed[1].id);
    const live = await a.send(chat, 'live');
    await second.message(live.id);
    assert.deepEqual(second.messages.map((message) => message.id), [...missed, live].map((message) => message.id));
    assert.equal(second.events.some((event) => event.event === 'resync'), false);
    second.assertContiguous({ epoch: base.epoch, seq: Number(lastEventId.split(':')[1]) });
  });

  test('keeps every chat in order, without a gap, while many send at once', async () => {
    const users = await server.users(4);
    const recipient = await server.user();
    const group = await users[0].group('busy', ...users.slice(1), recipient);
    const chats = [];
    for (const user of users) chats.push(await user.direct(recipient));
    const reader = await stream(recipient);
    const { data: base } = await reader.event('ready');
    const sent = (await Promise.all(users.map(async (user, number) => {
      const own = [];
      for (let index = 0; index < 20; index++) own.push(await user.send(index % 2 ? group : chats[number], `${number}/${index}`));
      return own;
    }))).flat();
    await reader.until(() => reader.messages.length >= sent.length, 'all of the news');
    assert.deepEqual(reader.messages.map((message) => message.id).sort(), sent.map((message) => message.id).sort());
    for (const chat of [group, ...chats]) assertRising(reader.messages.filter((message) => message.chat_id === chat.id).map((message) => message.id));
    reader.assertContiguous(base);
  });

  test('after a long absence replays everything or says resync, and never leaves a hole', async () => {
    const { a, b, chat } = await pair();
    const first = await stream(b);
    const { data: base } = await first.event('ready');
    await first.message((await a.send(chat, 'seen')).id);
    const lastEventId = first.news.at(-1).id;
    await first.close();
    const missed = [];
    for (let index = 0; index < 400; index++) missed.push((await a.send(chat, `${index} ${'x'.repeat(1000)}`)).id);
    const second = await stream(b, { device: first.device, lastEventId });
    const live = await a.send(chat, 'live');
    await second.message(live.id);
    const resync = second.events.findIndex((event) => event.event === 'resync');
    if (resync < 0) {
      assert.deepEqual(second.messages.map((message) => message.id), [...missed, live.id]);
      second.assertContiguous({ epoch: base.epoch, seq: Number(lastEventId.split(':')[1]) });
    } else {
      second.events = second.events.slice(resync);
      second.assertContiguous(second.events[0].data);
    }
  });

  test('replays nothing where nothing was missed', async () => {
    const { a, b, chat } = await pair();
    const first = await stream(b);
    const { data: base } = await first.event('ready');
    await first.message((await a.send(chat, 'seen')).id);
    const lastEventId = first.news.at(-1).id;
    await first.close();
    const second = await stream(b, { device: first.device, lastEventId });
    assert.equal((await second.event('ready')).data.epoch, base.epoch);
    const live = await a.send(chat, 'live');
    await second.message(live.id);
    assert.deepEqual(second.messages.map((message) => message.text), ['live']);
    assert.equal(second.events.some((event) => event.event === 'resync'), false);
  });

  for (const [what, lastEventId] of [['another epoch', () => 'ffffffffffffffff:3'], ['a seq that never was', (base) => `${base.epoch}:1000`], ['nonsense', () => 'nonsense'], ['a negative seq', (base) => `${base.epoch}:-1`], ['a huge seq', (base) => `${base.epoch}:99999999999999999999999`]]) {
    test(`answers a Last-Event-ID of ${what} with resync, and goes on from there`, async () => {
      const { a, b, chat } = await pair();
      const first = await stream(b);
      const { data: base } = await first.event('ready');
      const second = await stream(b, { lastEventId: lastEventId(base) });
      const { data } = await second.event('resync');
      assert.deepEqual(data, base);
      const message = await a.send(chat, 'after it');
      await second.message(message.id);
      second.assertContiguous(data);
    });
  }

  test('of a device ends when the device opens another', async () => {
    const { a, b, chat } = await pair();
    const first = await stream(b);
    await first.event('ready');
    const second = await stream(b, { device: first.device });
    await second.event('ready');
    assert.equal(await Promise.race([first.ended, new Promise((resolve) => setTimeout(resolve, 5_000, 'open'))]), true);
    await second.message((await a.send(chat, 'to the second')).id);
    assert.deepEqual(first.messages, []);
  });

  test('hints at read marks', async () => {
    const { a, b, chat } = await pair();
    const reader = await stream(a);
    await reader.event('ready');
    assert.equal((await a.put(`/attention/${reader.device}`, { channel: 'stream', viewing: [chat.id] })).status, 200);
    const message = await a.send(chat, 'read me');
    await reader.message(message.id);
    assert.equal((await b.put(`/chat/${chat.id}/read`, { message_id: message.id })).status, 204);
    const hint = await reader.until(() => reader.reads.find((read) => read.user_id === b.id), 'a read hint');
    assert.deepEqual(hint, { chat_id: chat.id, user_id: b.id, message_id: message.id });
  });

  test('brings text above 1 KiB as a stub to fetch', async () => {
    const { a, b, chat } = await pair();
    const readers = [await stream(a), await stream(b)];
    for (const reader of readers) await reader.event('ready');
    for (const [text, stub] of [['x'.repeat(1024), false], ['x'.repeat(1025), true], ['é'.repeat(512), false], ['é'.repeat(513), true], ['🐪'.repeat(4000), true]]) {
      const key = crypto.randomUUID();
      const message = await a.send(chat, text, { 'idempotency-key': key });
      for (const [index, reader] of readers.entries()) {
        const came = await reader.message(message.id);
        const expected = { ...message, key: index === 0 ? key : null };
        if (stub) { delete expected.text; expected.fetch = true; }
        assert.deepEqual(came, expected);
      }
      assert.equal((await b.get(`/chat/${chat.id}?quantity=1`)).body.messages[0].text, text);
    }
  });

  test('carries breaks and quotes in one data line', async () => {
    const { a, b, chat } = await pair();
    const reader = await stream(b);
    await reader.event('ready');
    const text = 'a\n\nevent: bye\ndata: {}\r\n\r\n"\\\u2028\u0001';
    const message = await a.send(chat, text);
    assert.equal((await reader.message(message.id)).text, text);
    assert.equal(reader.events.some((event) => event.event === 'bye'), false);
  });

  test('is quiet but for a comment about every 15 seconds', { timeout: 30_000 }, async () => {
    const { a } = await pair();
    const reader = await stream(a);
    await reader.event('ready');
    const started = Date.now();
    while (reader.comments === 0 && Date.now() - started < 20_000) await new Promise((resolve) => setTimeout(resolve, 250));
    assert.ok(reader.comments > 0, 'no heartbeat within 20 s');
  });
});

test('a drain says bye on streams and exits with 0', async () => {
  const other = await startServer();
  const user = await other.user();
  const reader = await EventStream.open(user);
  await reader.event('ready');
  const stopped = other.stop();
  const { data } = await reader.event('bye');
  assert.equal(typeof data.reason, 'string');
  await Promise.all([stopped, reader.ended]);
});
