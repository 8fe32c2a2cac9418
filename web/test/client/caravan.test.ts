// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BEFORE_EVERYTHING, CaravanError, type Caravan, type Conversation } from '../../src/client';
import { FakeBrowser } from './fake/browser';
import { FakeServer, problem } from './fake/fakeServer';

let server: FakeServer;
let browser: FakeBrowser;
let open: Caravan[];

beforeEach(() => {
  server = new FakeServer();
  for (const name of ['ann', 'bob', 'cid']) server.addUser(name);
  server.addChat('c1', ['u-ann', 'u-bob']);
  browser = new FakeBrowser(server);
  open = [];
});
afterEach(() => {
  for (const c of open) c.close();
});

function tab(name = 'one') {
  const made = browser.tab(name);
  open.push(made.caravan);
  return made;
}

async function signedIn(name = 'one') {
  const made = tab(name);
  await made.caravan.login('ann', 'secret');
  await vi.waitFor(() => expect(made.caravan.connection.get()).toBe('live'));
  return made;
}

/** Shows the chat, as a view does. */
function look(c: Conversation): () => void {
  const ends = [c.view.subscribe(() => {}), c.open()];
  return () => ends.forEach((end) => end());
}

const texts = (c: Conversation) => c.view.get().messages.map((m) => m.text);
const live = (c: Conversation) => vi.waitFor(() => expect(c.view.get().status).toBe('live'));

describe('session', () => {
  it('logs in, remembers across visits, and forgets at log-out', async () => {
    const first = await signedIn();
    expect(first.caravan.me.get()?.username).toBe('ann');
    first.caravan.close();
    const second = tab('two');
    await second.caravan.ready;
    expect(second.caravan.me.get()?.username).toBe('ann');
    const ended = vi.fn();
    second.caravan.on('signedOut', ended);
    await second.caravan.logout();
    expect(second.caravan.me.get()).toBeNull();
    expect(ended).toHaveBeenCalledWith('logout');
    expect(await browser.store.session()).toBeNull();
    expect(await browser.store.list()).toEqual([]);
  });

  it('rejects wrong credentials with the problem', async () => {
    const { caravan } = tab();
    const error = await caravan.login('ann', 'wrong').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CaravanError);
    expect((error as CaravanError).problem).toMatchObject({ code: 'invalid_credentials', status: 401 });
  });

  it('registers and is logged in', async () => {
    const { caravan } = tab();
    server.accounts.delete('u-dan');
    server.intercept = ({ path, body }) => {
      if (path === '/login' && body.username === 'dan') for (const a of server.accounts.values()) a.password = String(body.password);
      return undefined;
    };
    await caravan.register('dan', 'secret', 'Dan');
    expect(caravan.me.get()?.username).toBe('dan');
  });

  it('renews a refused token once, and goes on without a word', async () => {
    const { caravan } = await signedIn();
    const ended = vi.fn();
    caravan.on('signedOut', ended);
    server.expireTokens();
    await Promise.all([caravan.findUsers('b'), caravan.findUsers('c'), caravan.findUsers('d')]);
    expect(server.made('POST', /^\/token/)).toHaveLength(1);
    expect(ended).not.toHaveBeenCalled();
  });

  it('says that the session ended when it cannot be renewed', async () => {
    const { caravan } = await signedIn();
    const ended = vi.fn();
    caravan.on('signedOut', ended);
    server.expireTokens();
    server.intercept = ({ path }) => (path === '/token' ? problem('refresh_reused', 401) : undefined);
    await expect(caravan.findUsers('b')).rejects.toBeInstanceOf(CaravanError);
    await vi.waitFor(() => expect(ended).toHaveBeenCalledWith('expired'));
    expect(caravan.me.get()).toBeNull();
  });

  it('keeps a changed profile', async () => {
    const { caravan } = await signedIn();
    await caravan.updateProfile('Ann the First');
    expect(caravan.me.get()?.display_name).toBe('Ann the First');
    expect((await browser.store.session())?.user.display_name).toBe('Ann the First');
  });
});

describe('a conversation', () => {
  it('shows the latest page, pages back by ten, and takes news', async () => {
    for (let i = 0; i < 25; i++) server.say('c1', 'u-bob', `m${i}`, { push: false });
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    expect(texts(c)).toEqual(Array.from({ length: 10 }, (_, i) => `m${i + 15}`));
    expect(c.view.get().hasOlder).toBe(true);
    await c.loadOlder();
    expect(texts(c)).toHaveLength(20);
    await c.loadOlder();
    expect(texts(c)).toHaveLength(25);
    expect(c.view.get().hasOlder).toBe(false);
    const before = c.view.get().messages;
    server.say('c1', 'u-bob', 'new');
    await vi.waitFor(() => expect(texts(c).at(-1)).toBe('new'));
    const after = c.view.get().messages;
    expect(before.every((row, i) => row === after[i])).toBe(true);
    expect(caravan.chats.get().chats[0]?.last_message?.text).toBe('new');
  });

  it('puts a message on screen within the call, and keeps its row when it is stored', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    c.send('hello');
    const row = c.view.get().messages[0];
    expect(row).toMatchObject({ text: 'hello', state: 'sending', mine: true, id: null });
    await vi.waitFor(() => expect(c.view.get().messages[0]?.state).toBe('sent'));
    expect(c.view.get().messages).toHaveLength(1);
    expect(c.view.get().messages[0]?.localId).toBe(row?.localId);
    expect(server.made('POST', /^\/chat\/c1/)[0]?.headers.get('Caravan-Device')).toBeTruthy();
    server.pushRead('c1', 'u-bob', String(c.view.get().messages[0]?.id));
    await vi.waitFor(() => expect(c.view.get().messages[0]?.state).toBe('read'));
  });

  it('sends in order, one after another', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    for (const text of ['a', 'b', 'c', 'd']) c.send(text);
    await vi.waitFor(() => expect(c.view.get().messages.every((m) => m.state === 'sent')).toBe(true));
    expect(texts(c)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('shows what the server refused, and retries or discards it', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    server.intercept = ({ method, path }) => (method === 'POST' && path === '/chat/c1' ? problem('invalid_request', 400) : undefined);
    c.send('one');
    c.send('two');
    await vi.waitFor(() => expect(c.view.get().messages.map((m) => m.state)).toEqual(['failed', 'failed']));
    expect(c.view.get().messages[0]?.problem).toMatchObject({ code: 'invalid_request', detail: 'said invalid_request' });
    server.intercept = () => undefined;
    const [one, two] = c.view.get().messages;
    c.discard(String(one?.localId));
    c.retry(String(two?.localId));
    await vi.waitFor(() => expect(c.view.get().messages.map((m) => [m.text, m.state])).toEqual([['two', 'sent']]));
  });

  it('fetches a long text that news could not carry', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    server.say('c1', 'u-bob', 'long', { long: true });
    await vi.waitFor(() => expect(texts(c)).toEqual(['long']));
    await live(c);
  });

  it('shows unknown kinds as nothing', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    server.say('c1', 'u-bob', '', { kind: 'dance' });
    server.say('c1', 'u-bob', 'text');
    await vi.waitFor(() => expect(texts(c)).toEqual(['text']));
  });

  it('shows what was kept at once, and reads on', async () => {
    server.say('c1', 'u-bob', 'old', { push: false });
    const first = await signedIn();
    const before = first.caravan.conversation('c1');
    look(before);
    await live(before);
    first.page.leave();
    first.caravan.close();
    server.say('c1', 'u-bob', 'missed', { push: false });
    let held: () => void = () => {};
    const gate = new Promise<void>((resolve) => (held = resolve));
    server.intercept = ({ path }) => (path.includes('c1') ? gate.then(() => undefined) : undefined);
    const second = tab('two');
    const c = second.caravan.conversation('c1');
    look(c);
    await vi.waitFor(() => expect(c.view.get().status).toBe('cached'));
    expect(texts(c)).toEqual(['old']);
    held();
    await live(c);
    expect(texts(c)).toEqual(['old', 'missed']);
  });

  it('is in error for a chat that one is not in', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c9');
    look(c);
    await vi.waitFor(() => expect(c.view.get().status).toBe('error'));
  });

  it('marks as read once, whatever is asked how often', async () => {
    server.say('c1', 'u-bob', 'one', { push: false });
    server.say('c1', 'u-bob', 'two', { push: false });
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    await vi.waitFor(() => expect(caravan.chats.get().totalUnread).toBe(2));
    look(c);
    await live(c);
    for (let i = 0; i < 5; i++) c.markRead();
    await vi.waitFor(() => expect(caravan.chats.get().totalUnread).toBe(0));
    await vi.waitFor(() => expect(server.made('PUT', /\/read$/)).toHaveLength(1));
    expect(c.view.get().dividerAfter).toBe(BEFORE_EVERYTHING);
    expect(caravan.chats.get().chats[0]).toMatchObject({ unread: 0, read_up_to: c.view.get().messages[1]?.id });
  });
});

describe('the list', () => {
  it('counts, sorts and finds chats that it did not know', async () => {
    server.addChat('c2', ['u-ann', 'u-cid']);
    server.say('c1', 'u-bob', 'first', { push: false });
    const { caravan } = await signedIn();
    await vi.waitFor(() => expect(caravan.chats.get().status).toBe('live'));
    const ids = () => caravan.chats.get().chats.map((c) => c.id);
    server.say('c2', 'u-cid', 'second');
    await vi.waitFor(() => expect(ids()).toEqual(['c2', 'c1']));
    expect(caravan.chats.get().totalUnread).toBe(2);
    server.addChat('c3', ['u-ann', 'u-cid'], 'Group');
    server.say('c3', 'u-cid', 'third');
    await vi.waitFor(() => expect(ids()).toEqual(['c3', 'c2', 'c1']));
    expect(caravan.chats.get().chats[0]).toMatchObject({ title: 'Group', unread: 1 });
  });

  it('opens chats', async () => {
    const { caravan } = await signedIn();
    const chat = await caravan.openDirect('u-cid');
    await vi.waitFor(() => expect(caravan.chats.get().chats.map((c) => c.id)).toContain(chat.id));
    const group = await caravan.createGroup(['u-bob', 'u-cid'], 'Three');
    expect(group.kind).toBe('group');
    expect(server.made('POST', /^\/chat$/).at(-1)?.headers.get('Idempotency-Key')).toBeTruthy();
    expect((await caravan.conversation(group.id).members()).members).toHaveLength(3);
  });

  it('tells of a message of somebody else that arrives as news', async () => {
    const { caravan } = await signedIn();
    await vi.waitFor(() => expect(caravan.chats.get().status).toBe('live'));
    const told = vi.fn();
    caravan.on('message', told);
    server.say('c1', 'u-bob', 'ding');
    server.say('c1', 'u-ann', 'mine');
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
    expect(told.mock.calls[0]?.[0]).toMatchObject({ text: 'ding' });
    expect(told.mock.calls[0]?.[1]).toMatchObject({ id: 'c1' });
  });
});

describe('what breaks', () => {
  it('catches up after a crash of the server', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    server.say('c1', 'u-bob', 'lost on the way', { push: false });
    server.crash();
    await vi.waitFor(() => expect(texts(c)).toEqual(['lost on the way']), 5_000);
    expect(caravan.connection.get()).toBe('live');
  });

  it('learns of read marks made while it was away: at once where it looks, elsewhere when it looks there', async () => {
    server.addChat('c2', ['u-ann', 'u-cid']);
    const mine = ['c1', 'c2'].map((id) => server.say(id, 'u-ann', `in ${id}`, { push: false }).id);
    const { caravan } = await signedIn();
    const [here, there] = [caravan.conversation('c1'), caravan.conversation('c2')];
    look(there)();
    look(here);
    await live(here);
    await vi.waitFor(() => expect(here.view.get().messages.at(-1)?.state).toBe('sent'));
    const asked = (id: string) => server.made('GET', new RegExp(`^/chat/${id}/info`)).length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = [asked('c1'), asked('c2')];

    for (const stream of [...server.streams]) stream.end();
    server.chats.get('c1')?.reads.set('u-bob', String(mine[0]));
    server.chats.get('c2')?.reads.set('u-cid', String(mine[1]));
    await vi.waitFor(() => expect(here.view.get().messages.at(-1)?.state).toBe('read'), 3_000);
    expect([asked('c1'), asked('c2')]).toEqual([before[0]! + 1, before[1]]);

    look(there);
    await vi.waitFor(() => expect(there.view.get().messages.at(-1)?.state).toBe('read'), 3_000);
    expect([asked('c1'), asked('c2')]).toEqual([before[0]! + 1, before[1]! + 1]);
  });

  it('keeps a send over a broken network and a reload, and sends it once', async () => {
    const { caravan } = await signedIn();
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    // Stored, but the answer is lost.
    server.intercept = ({ method, path, body, headers }) => {
      if (method !== 'POST' || path !== '/chat/c1') return undefined;
      server.intercept = () => undefined;
      server.say('c1', 'u-ann', String(body.text), { push: false, key: String(headers.get('Idempotency-Key')) });
      return null;
    };
    c.send('once');
    await vi.waitFor(async () => expect(await browser.store.outbox()).toHaveLength(1));
    caravan.close();
    const second = tab('two').caravan;
    const again = second.conversation('c1');
    look(again);
    await vi.waitFor(() => expect(again.view.get().messages.map((m) => [m.text, m.state])).toEqual([['once', 'sent']]), 5_000);
    await vi.waitFor(async () => expect(await browser.store.outbox()).toHaveLength(0), 3_000);
    expect(server.chats.get('c1')?.messages).toHaveLength(1);
  });

  it('works from memory when there is no store', async () => {
    const { caravan } = browser.tab('lonely', { store: null, locks: null, channel: null });
    open.push(caravan);
    await caravan.login('ann', 'secret');
    const c = caravan.conversation('c1');
    look(c);
    await live(c);
    c.send('hi');
    await vi.waitFor(() => expect(c.view.get().messages[0]?.state).toBe('sent'));
  });
});

describe('tabs that know nothing of each other', () => {
  const alone = (name: string) => {
    const made = browser.tab(name, { locks: null, channel: null, random: () => 0 });
    open.push(made.caravan);
    return made;
  };

  it('do not fight for the stream: it is where its user is', async () => {
    const first = alone('one');
    await first.caravan.login('ann', 'secret');
    await vi.waitFor(() => expect(first.caravan.connection.get()).toBe('live'));
    const second = alone('two');
    await vi.waitFor(() => expect(second.caravan.connection.get()).toBe('live'));
    await vi.waitFor(() => expect(first.caravan.connection.get()).toBe('replaced'));
    const opened = server.made('GET', /^\/stream/).length;
    await new Promise((resolve) => setTimeout(resolve, 600)); // longer than the pause after other ends
    expect(server.made('GET', /^\/stream/)).toHaveLength(opened);

    // What was said meanwhile is there as soon as somebody looks.
    const c = first.caravan.conversation('c1');
    look(c);
    await live(c);
    server.say('c1', 'u-bob', 'to the second');
    first.page.attend();
    await vi.waitFor(() => expect(texts(c)).toEqual(['to the second']));
    expect(first.caravan.connection.get()).toBe('live');
    await vi.waitFor(() => expect(second.caravan.connection.get()).toBe('replaced'));
    expect(server.made('GET', /^\/stream/)).toHaveLength(opened + 1);
  });

  it('come back by themselves when the server drains', async () => {
    const { caravan } = alone('one');
    await caravan.login('ann', 'secret');
    await vi.waitFor(() => expect(caravan.connection.get()).toBe('live'));
    for (const stream of [...server.streams]) server.bye(stream, 'draining');
    await vi.waitFor(() => expect(server.made('GET', /^\/stream/)).toHaveLength(2), 3_000);
    expect(caravan.connection.get()).toBe('live');
  });
});

describe('several tabs', () => {
  async function two() {
    const first = await signedIn('one');
    const second = tab('two');
    await second.caravan.ready;
    await vi.waitFor(() => expect(second.caravan.connection.get()).toBe('live'));
    return { first, second };
  }

  it('share one stream and show the same', async () => {
    const { first, second } = await two();
    const [c, d] = [first.caravan.conversation('c1'), second.caravan.conversation('c1')];
    look(c);
    look(d);
    await live(c);
    await live(d);
    expect(server.streams.size).toBe(1);
    server.say('c1', 'u-bob', 'both');
    await vi.waitFor(() => expect([texts(c), texts(d)]).toEqual([['both'], ['both']]));
    d.send('from the follower');
    expect(d.view.get().messages.at(-1)?.state).toBe('sending');
    await vi.waitFor(() => expect(c.view.get().messages.at(-1)).toMatchObject({ text: 'from the follower', state: 'sent' }));
    await vi.waitFor(() => expect(d.view.get().messages.at(-1)?.state).toBe('sent'));
    expect(server.made('POST', /^\/chat\/c1/)).toHaveLength(1);
    for (let i = 0; i < 15; i++) server.say('c1', 'u-bob', `x${i}`);
    await vi.waitFor(() => expect(texts(d)).toHaveLength(17));
  });

  it('page from a follower', async () => {
    for (let i = 0; i < 15; i++) server.say('c1', 'u-bob', `m${i}`, { push: false });
    const { second } = await two();
    const d = second.caravan.conversation('c1');
    look(d);
    await live(d);
    await d.loadOlder();
    await vi.waitFor(() => expect(texts(d)).toHaveLength(15));
  });

  it('take over from a tab that crashed, with nothing lost and nothing sent twice', async () => {
    const { second } = await two();
    const d = second.caravan.conversation('c1');
    look(d);
    await live(d);
    server.intercept = ({ method, path }) => (method === 'POST' && path === '/chat/c1' ? new Promise(() => {}) : undefined);
    d.send('in between');
    await vi.waitFor(() => expect(server.made('POST', /^\/chat\/c1/)).toHaveLength(1));
    server.intercept = () => undefined;
    browser.crash('one');
    server.say('c1', 'u-bob', 'meanwhile', { push: false });
    await vi.waitFor(() => expect(texts(d).sort()).toEqual(['in between', 'meanwhile']), 5_000);
    await vi.waitFor(() => expect(d.view.get().messages.every((m) => m.state === 'sent')).toBe(true), 5_000);
    expect(server.chats.get('c1')?.messages.filter((m) => m.text === 'in between')).toHaveLength(1);
  });

  it('notify in one tab only', async () => {
    const { first, second } = await two();
    const told = [vi.fn(), vi.fn()];
    first.caravan.on('message', (m) => told[0]?.(m));
    second.caravan.on('message', (m) => told[1]?.(m));
    first.page.show(false);
    await vi.waitFor(() => expect(second.caravan.chats.get().status).toBe('live'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.say('c1', 'u-bob', 'ding');
    await vi.waitFor(() => expect(told[1]).toHaveBeenCalledTimes(1));
    expect(told[0]).not.toHaveBeenCalled();
  });

  it('view together what visible tabs view, and nothing when all are hidden', async () => {
    server.addChat('c2', ['u-ann', 'u-cid']);
    const { first, second } = await two();
    look(first.caravan.conversation('c1'));
    look(second.caravan.conversation('c2'));
    const viewing = () => server.made('PUT', /^\/attention/).at(-1)?.body.viewing;
    await vi.waitFor(() => expect(viewing()).toEqual(['c1', 'c2']), 4_000);
    first.page.show(false);
    await vi.waitFor(() => expect(viewing()).toEqual(['c2']), 4_000);
    second.page.show(false);
    await vi.waitFor(() => expect(viewing()).toEqual([]), 4_000);
    expect(server.streams.size).toBe(1);
  });

  it('log in and out together', async () => {
    const first = tab('one');
    const second = tab('two');
    await second.caravan.ready;
    await first.caravan.login('ann', 'secret');
    await vi.waitFor(() => expect(second.caravan.me.get()?.username).toBe('ann'));
    await vi.waitFor(() => expect(second.caravan.connection.get()).toBe('live'));
    const ended = vi.fn();
    first.caravan.on('signedOut', ended);
    await second.caravan.logout();
    await vi.waitFor(() => expect(first.caravan.me.get()).toBeNull());
    expect(ended).toHaveBeenCalledWith('logout');
    await vi.waitFor(() => expect(server.streams.size).toBe(0));
    expect(first.caravan.chats.get().chats).toEqual([]);
  });
});
