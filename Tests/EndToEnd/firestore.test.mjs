// The Firestore channel against Google's emulator, through a proxy that counts what Caravan asks it to write.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { FirestoreEmulator, emulatorsMissing, firebaseFile } from '../Support/firebase-emulators.mjs';
import { FirestoreProxy } from '../Support/firestore-proxy.mjs';
import { folder, run, serve, twoPeople } from './program.mjs';

const skip = emulatorsMissing({ auth: false }) ?? false;
let emulator;

before(async () => { if (!skip) emulator = await FirestoreEmulator.start(); });
after(() => emulator?.kill());

/** A server that writes through a counting proxy. */
async function start(t, { data = folder(t), args = [], proxy = null, port = 0 } = {}) {
  const counted = proxy ?? await FirestoreProxy.to(emulator.address);
  if (!proxy) t.after(() => counted.end());
  const firebase = firebaseFile(t, { firestore: counted.address });
  const server = await serve(t, data, { args: ['--limits', 'off', '--firebase', firebase, ...args], port });
  return { server, proxy: counted, data };
}

const look = async (server, person, device, viewing = [], channel = 'firestore') => {
  const answer = await server.call('PUT', `/attention/${device}`, { token: person.access_token, body: { channel, viewing } });
  assert.equal(answer.status, 200);
  return answer.json();
};
const lookAway = (server, person, device) => server.call('DELETE', `/attention/${device}`, { token: person.access_token });
const send = async (server, person, chat, text, headers = {}) => {
  const answer = await server.call('POST', `/chat/${chat}`, { token: person.access_token, body: { text }, headers: { 'Idempotency-Key': randomUUID(), ...headers } });
  assert.equal(answer.status, 201);
  return answer.json();
};
const mailbox = async (person) => {
  const fields = await emulator.document(`mailboxes/${person.user.id}`);
  return fields && {
    epoch: fields.epoch.stringValue, first: Number(fields.first.integerValue), seq: Number(fields.seq.integerValue),
    messages: JSON.parse(fields.news.stringValue).flatMap((entry) => entry.messages),
    get texts() { return this.messages.map(({ text }) => text); },
  };
};
/** Waits for what must come to be. */
async function until(found, limit = 15_000) {
  for (const end = Date.now() + limit; ; await delay(20)) {
    const result = await found();
    if (result) return result;
    assert.ok(Date.now() < end, `it did not come to be: ${found}`);
  }
}
async function bill(server, admin) {
  const answer = await server.call('GET', '/admin/bill', { token: admin.access_token });
  assert.equal(answer.status, 200);
  return answer.json();
}

test('nobody looking, nothing written: 200 messages cost no write', { skip }, async (t) => {
  const { server, proxy } = await start(t);
  const { ann, ben, chat } = await twoPeople(server);
  const device = randomUUID();
  await look(server, ben, device, [chat]);
  await lookAway(server, ben, device);
  for (let i = 0; i < 200; i += 1) await send(server, ann, chat, `message ${i}`);
  await delay(1_500);
  assert.equal(proxy.writes.length, 0);
});

test('twenty quick messages to somebody who looks are few writes, and the last document follows on the first', { skip }, async (t) => {
  const { server, proxy } = await start(t);
  const { ann, ben, chat } = await twoPeople(server);
  const lease = await look(server, ben, randomUUID(), [chat]);
  assert.equal(lease.channel, 'firestore');
  assert.equal(lease.seq, 0);
  let last;
  for (let i = 0; i < 20; i += 1) last = await send(server, ann, chat, `message ${i}`);
  // With its text, or as the stub of all that did not fit.
  const box = await until(async () => {
    const found = await mailbox(ben);
    return found?.messages.at(-1)?.id === last.id && found;
  });
  assert.equal(box.epoch, lease.epoch);
  assert.ok(proxy.writes.length <= 5, `${proxy.writes.length} writes`);
  t.diagnostic(`${proxy.writes.length} writes for 20 messages`);
  // Every write is of the recipient's mailbox, and they follow each other by at least a second.
  assert.ok(proxy.writes.every(({ document }) => document === `mailboxes/${ben.user.id}`));
  for (let i = 1; i < proxy.writes.length; i += 1) assert.ok(proxy.writes[i].at - proxy.writes[i - 1].at > 900);
  assert.equal(proxy.otherWrites, 0);
});

test("the sender's own device costs no write; another device of theirs does", { skip }, async (t) => {
  const { server, proxy } = await start(t);
  const { ann, chat } = await twoPeople(server);
  const [phone, tablet] = [randomUUID(), randomUUID()];
  await look(server, ann, phone, [chat]);
  await send(server, ann, chat, 'from my phone', { 'Caravan-Device': phone });
  await delay(1_500);
  assert.equal(proxy.writes.length, 0);
  await look(server, ann, tablet, [chat]);
  const box = await until(() => mailbox(ann));
  assert.deepEqual(box.texts, ['from my phone']);
});

test('after kill -9 each leased mailbox gets one empty document with a new epoch', { skip }, async (t) => {
  const { server, proxy, data } = await start(t);
  const { ann, ben, chat } = await twoPeople(server);
  const lease = await look(server, ben, randomUUID(), [chat]);
  await send(server, ann, chat, 'before');
  await until(async () => (await mailbox(ben))?.seq === 1);
  server.child.kill('SIGKILL');
  await server.exited;
  proxy.reset();
  const next = await start(t, { data, proxy });
  const box = await until(async () => {
    const found = await mailbox(ben);
    return found?.epoch !== lease.epoch && found;
  });
  assert.deepEqual(box.texts, []);
  assert.equal(box.seq, 0);
  assert.equal(box.first, 1);
  await delay(1_200);
  assert.equal(proxy.writes.length, 1);
  // The lease is alive: news goes on in the new epoch.
  await send(next.server, ann, chat, 'after');
  const later = await until(async () => {
    const found = await mailbox(ben);
    return found?.seq === 1 && found;
  });
  assert.equal(later.epoch, box.epoch);
});

test('the first attempt of a mailbox write lands after its retry and the next aggregate; the renewal tells', { skip, timeout: 60_000 }, async (t) => {
  const { server, proxy } = await start(t);
  const { ann, ben, chat } = await twoPeople(server);
  const device = randomUUID();
  const { epoch } = await look(server, ben, device, [chat]);
  // The first request hangs until the server gives it up; everything later passes.
  let first = true;
  const release = proxy.hold(() => first && !(first = false));
  await send(server, ann, chat, 'one');
  await proxy.written(() => true);
  await until(async () => (await mailbox(ben))?.texts.includes('one'), 30_000);
  await look(server, ben, device, [chat]);
  await send(server, ann, chat, 'two');
  await until(async () => (await mailbox(ben))?.seq === 2);
  release();
  // The late first attempt sets the document back.
  await until(async () => (await mailbox(ben))?.seq === 1);
  await delay(1_000);
  const renewal = await look(server, ben, device, [chat]);
  assert.equal(renewal.epoch, epoch);
  assert.equal(renewal.seq, 2);
  // And the next write repairs it.
  await send(server, ann, chat, 'three');
  const box = await until(async () => {
    const found = await mailbox(ben);
    return found?.seq === 3 && found;
  });
  assert.deepEqual(box.texts, ['one', 'two', 'three']);
});

test('while Firestore is down news waits, and comes with the same number when it is back', { skip, timeout: 90_000 }, async (t) => {
  const { server, proxy } = await start(t);
  const { ann, ben, chat } = await twoPeople(server);
  await look(server, ben, randomUUID(), [chat]);
  proxy.target = '127.0.0.1:9';
  await send(server, ann, chat, 'kept');
  await until(() => proxy.writes.length >= 2);
  proxy.target = emulator.address;
  const box = await until(() => mailbox(ben), 30_000);
  assert.equal(box.seq, 1);
  assert.deepEqual(box.texts, ['kept']);
});

// MARK: Real traffic

/** `[{ at, chat, sender }]` of the first messages of real traffic. */
const traffic = readFileSync(new URL('fixtures/messenger_dm-slice.csv', import.meta.url), 'utf8').trim().split('\n').slice(1)
  .map((line) => line.split(',').map(Number)).map(([at, chat, sender]) => ({ at, chat, sender }));

/** Everybody of the traffic, logged in, with their chats open. */
async function cast(server) {
  const people = new Map();
  const partners = new Map();
  for (const { chat, sender } of traffic) {
    people.set(sender, null);
    partners.set(chat, (partners.get(chat) ?? new Set()).add(sender));
  }
  for (const sender of people.keys()) {
    const [username, password] = [`person${sender}`, 'correct horse'];
    await server.call('POST', '/users', { body: { username, password } });
    people.set(sender, { ...await (await server.call('POST', '/login', { body: { username, password } })).json(), device: randomUUID() });
  }
  const silent = [...people.values()][0];
  const chats = new Map();
  for (const [chat, members] of partners) {
    const [a, b = null] = [...members].map((member) => people.get(member));
    const other = b ?? [...people.values()].find((person) => person !== a) ?? silent;
    const answer = await server.call('POST', '/chat', { token: a.access_token, body: { user_id: other.user.id } });
    chats.set(chat, { id: (await answer.json()).id, sent: 0 });
  }
  return { people, chats };
}

/**
 * Plays the traffic so many times faster, pauses cut. A person looks at a chat from their message on until they have not sent for a minute of the
 * traffic's time.
 */
async function play(server, { people, chats }, { speed = 1_000, longestPause = 12 } = {}) {
  let leases = 0;
  let toStream = 0;
  let last = traffic[0].at;
  const away = new Map();
  for (const { at, chat, sender } of traffic) {
    await delay(Math.min((at - last) / speed, longestPause));
    last = at;
    for (const [person, until_] of away) {
      if (until_ > at) continue;
      away.delete(person);
      await lookAway(server, person, person.device);
    }
    const person = people.get(sender);
    if (!away.has(person)) leases += 1;
    const { channel } = await look(server, person, person.device, [chats.get(chat).id]);
    if (channel === 'stream') toStream += 1;
    away.set(person, at + 60_000);
    await send(server, person, chats.get(chat).id, 'x', { 'Caravan-Device': person.device });
    chats.get(chat).sent += 1;
  }
  for (const person of people.values()) await lookAway(server, person, person.device);
  return { leases, toStream };
}

async function history(server, person, chat) {
  let [count, after_] = [0, '00000000-0000-1000-8000-000000000000'];
  for (;;) {
    const page = await (await server.call('GET', `/chat/${chat}?after=${after_}&quantity=200`, { token: person.access_token })).json();
    count += page.messages?.length ?? 0;
    if (!page.next) return count;
    after_ = page.next;
  }
}

test('over a replay of 2,000 real messages the proxy counts what the meter counts, and a tenth of the cost as the budget holds', { skip, timeout: 240_000 }, async (t) => {
  const first = await start(t);
  const { server, proxy, data } = first;
  const everybody = await cast(server);
  const admin = [...everybody.people.values()][0];
  assert.equal(run(['admin', 'grant', admin.user.username, '--data', data]).status, 0);
  const { leases } = await play(server, everybody);
  await until(async () => {
    const before_ = proxy.writes.length;
    await delay(1_500);
    return proxy.writes.length === before_;
  }, 30_000);
  const { today } = await bill(server, admin);
  t.diagnostic(JSON.stringify(today));
  assert.equal(today.messages, traffic.length);
  assert.equal(today.attempts, proxy.writes.length);
  assert.ok(today.successes <= today.attempts && today.retries <= today.attempts - today.successes);
  assert.equal(today.attach_reads, leases);
  assert.equal(proxy.otherWrites, 0);
  assert.ok(today.attempts > 100 && today.attempts < traffic.length);

  const budget = Number(today.cost.total) / 10;
  const second = await start(t, { args: ['--budget', `${budget.toFixed(9)}/day`] });
  const others = await cast(second.server);
  const otherAdmin = [...others.people.values()][0];
  assert.equal(run(['admin', 'grant', otherAdmin.user.username, '--data', second.data]).status, 0);
  const { toStream } = await play(second.server, others);
  const spent = await bill(second.server, otherAdmin);
  t.diagnostic(JSON.stringify(spent.today));
  assert.equal(spent.today.attempts, second.proxy.writes.length);
  assert.ok(Number(spent.today.cost.total) <= budget, `${spent.today.cost.total} of ${budget}`);
  assert.ok(toStream > 0);
  assert.equal(spent.takes_leases, false);
  const sent = new Map();
  for (const chat of others.chats.values()) sent.set(chat.id, (sent.get(chat.id) ?? 0) + chat.sent);
  for (const [id, count] of sent) {
    let found = 0;
    for (const person of others.people.values()) found = Math.max(found, await history(second.server, person, id));
    assert.equal(found, count);
  }
});
