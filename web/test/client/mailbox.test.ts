// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CaravanError, type Caravan, type Conversation } from '../../src/client';
import { parseFirebaseConfig } from '../../src/client/transport/firebaseConfig';
import { Mailbox } from '../../src/client/transport/mailbox';
import { FakeBrowser } from './fake/browser';
import { FakeFirestore } from './fake/fakeFirestore';
import { FakeServer, json, problem } from './fake/fakeServer';

const config = { web: { apiKey: 'k', projectId: 'p' }, database: '(default)', emulators: { firestore: null, auth: null } };

describe('what the server says of Firebase', () => {
  it('is taken whole or not at all', () => {
    expect(parseFirebaseConfig({ firebase: null })).toBeNull();
    expect(parseFirebaseConfig({ firebase: { web: { apiKey: 'k' } } })).toBeNull();
    expect(parseFirebaseConfig('<html>')).toBeNull();
    expect(parseFirebaseConfig({ firebase: { web: { apiKey: 'k', projectId: 'p', more: 1 } } })).toEqual(config);
    expect(parseFirebaseConfig({ firebase: { web: { apiKey: 'k', projectId: 'p', appId: 'a' }, database: 'chat', emulators: { firestore: 'h:1', auth: 'h:2' } } })).toEqual({
      web: { apiKey: 'k', projectId: 'p', appId: 'a' }, database: 'chat', emulators: { firestore: 'h:1', auth: 'h:2' },
    });
  });
});

describe('the mailbox transport', () => {
  const firestore = new FakeFirestore();
  const handlers = () => ({ onDocument: vi.fn(), onCutOff: vi.fn(), onEnd: vi.fn() });
  const mailbox = (more = {}) => new Mailbox({ user: 'ann', config: async () => config, token: async () => 'custom', load: firestore.load, ...more });

  it('signs in once, however often it listens', async () => {
    const box = mailbox();
    const first = handlers();
    const stop = box.listen(first);
    await vi.waitFor(() => expect(first.onDocument).toHaveBeenCalledWith(null));
    stop();
    const second = handlers();
    box.listen(second);
    firestore.write('ann', { seq: 1 });
    await vi.waitFor(() => expect(second.onDocument).toHaveBeenCalledWith({ seq: 1 }));
    expect(first.onDocument).toHaveBeenCalledTimes(1);
    expect(firestore.signedIn).toHaveLength(1);
    expect(firestore.attached.size).toBe(1);
    box.close();
  });

  it('ends once when the listener fails, and signs in anew after that', async () => {
    const box = mailbox();
    const heard = handlers();
    box.listen(heard);
    await vi.waitFor(() => expect(heard.onDocument).toHaveBeenCalled());
    const before = firestore.signedIn.length;
    firestore.fail();
    firestore.fail();
    expect(heard.onEnd.mock.calls).toEqual([['failed']]);
    const again = handlers();
    box.listen(again);
    await vi.waitFor(() => expect(again.onDocument).toHaveBeenCalled());
    expect(firestore.signedIn).toHaveLength(before + 1);
  });

  it('tells a server without Firebase from one that cannot be reached, and from a refused sign-in', async () => {
    const ends = async (more: object) => {
      const heard = handlers();
      mailbox(more).listen(heard);
      await vi.waitFor(() => expect(heard.onEnd).toHaveBeenCalled());
      return heard.onEnd.mock.calls[0]?.[0];
    };
    const refuse = (code: string) => ({ token: () => Promise.reject(new CaravanError({ code, status: 404, detail: '' })) });
    expect(await ends({ config: async () => null })).toBe('unconfigured');
    expect(await ends(refuse('not_configured'))).toBe('unconfigured');
    expect(await ends(refuse('unavailable'))).toBe('failed');
    expect(await ends({ config: () => Promise.reject(new Error('network')) })).toBe('failed');
    expect(await ends({ load: () => Promise.reject(new Error('no such chunk')) })).toBe('failed');
    firestore.refuses = true;
    expect(await ends({})).toBe('failed');
    firestore.refuses = false;
  });

  it('never listens when it was given up while signing in', async () => {
    const size = firestore.attached.size;
    let go = (_: string) => {};
    const box = mailbox({ token: () => new Promise<string>((resolve) => (go = resolve)) });
    const stop = box.listen(handlers());
    await vi.waitFor(() => expect(firestore.loads).toBeGreaterThan(0));
    stop();
    go('custom');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(firestore.attached.size).toBe(size);
  });
});

describe('a client on the mailbox channel', () => {
  let server: FakeServer;
  let firestore: FakeFirestore;
  let browser: FakeBrowser;
  let open: Caravan[];
  beforeEach(() => {
    server = new FakeServer();
    firestore = server.firestore = new FakeFirestore();
    for (const name of ['ann', 'bob']) server.addUser(name);
    server.addChat('c1', ['u-ann', 'u-bob']);
    browser = new FakeBrowser(server);
    open = [];
  });
  afterEach(() => {
    for (const c of open) c.close();
  });

  function tab(name = 'one') {
    const made = browser.tab(name, { firebase: firestore.load });
    open.push(made.caravan);
    return made;
  }
  async function signedIn() {
    const made = tab();
    await made.caravan.login('ann', 'secret');
    await vi.waitFor(() => expect(made.caravan.connection.get()).toBe('live'));
    return made;
  }
  async function looking() {
    const made = await signedIn();
    const c = made.caravan.conversation('c1');
    c.view.subscribe(() => {});
    c.open();
    await vi.waitFor(() => expect(c.view.get().status).toBe('live'));
    return { ...made, c };
  }
  const texts = (c: Conversation) => c.view.get().messages.map((m) => m.text);

  it('takes news from the document, and opens no stream', async () => {
    const { c } = await looking();
    server.say('c1', 'u-bob', 'hello');
    await vi.waitFor(() => expect(texts(c)).toEqual(['hello']));
    expect(firestore.signedIn).toEqual(['custom u-ann']);
    expect(firestore.writes).toBe(1);
    expect(server.made('GET', /^\/stream/)).toEqual([]);
    expect(server.made('PUT', /^\/attention/).every((call) => call.body.channel === 'firestore')).toBe(true);
  });

  it('loads no SDK where the server knows no Firebase', async () => {
    server.firestore = null;
    await signedIn();
    expect(firestore.loads).toBe(0);
    expect(server.made('GET', /^\/stream/)).toHaveLength(1);
  });

  it('has no channel while hidden, and catches up on return', async () => {
    const { page, c, caravan } = await looking();
    page.show(false);
    await vi.waitFor(() => expect(server.made('DELETE', /^\/attention/)).toHaveLength(1));
    expect(firestore.attached.size).toBe(0);
    expect(server.leases.size).toBe(0);
    for (let i = 0; i < 30; i++) server.say('c1', 'u-bob', `m${i}`);
    expect(firestore.writes).toBe(0);
    expect(caravan.connection.get()).toBe('live');
    page.show(true);
    await vi.waitFor(() => expect(texts(c)).toHaveLength(30), 3_000);
    server.say('c1', 'u-bob', 'live again');
    await vi.waitFor(() => expect(texts(c).at(-1)).toBe('live again'));
    expect(firestore.signedIn).toHaveLength(1);
    expect(server.made('GET', /^\/stream/)).toEqual([]);
  });

  it('goes over to the stream when the server says so, without attaching again', async () => {
    server.grants = 'stream';
    const { c } = await looking();
    server.say('c1', 'u-bob', 'by stream');
    await vi.waitFor(() => expect(texts(c)).toEqual(['by stream']));
    expect(firestore.attached.size).toBe(0);
    expect(server.streams.size).toBe(1);
  });

  it('goes over to the stream when signing in fails, gives the lease up, and loses nothing', async () => {
    firestore.refuses = true;
    const { c } = await looking();
    await vi.waitFor(() => expect(server.streams.size).toBe(1));
    await vi.waitFor(() => expect(server.leases.size).toBe(0));
    server.say('c1', 'u-bob', 'by stream');
    await vi.waitFor(() => expect(texts(c)).toEqual(['by stream']));
  });

  it('goes over to the stream when the listener fails in the middle', async () => {
    const { c, caravan } = await looking();
    server.say('c1', 'u-bob', 'one');
    await vi.waitFor(() => expect(texts(c)).toEqual(['one']));
    server.say('c1', 'u-bob', 'two', { push: false });
    firestore.fail();
    await vi.waitFor(() => expect(server.streams.size).toBe(1));
    await vi.waitFor(() => expect(texts(c)).toEqual(['one', 'two']));
    expect(caravan.connection.get()).toBe('live');
  });

  it('uses the stream while nobody says whether there is Firebase', async () => {
    server.intercept = ({ path }) => (path === '/app/config.json' ? json({ title: 'Bad Gateway' }, 502) : undefined);
    await signedIn();
    expect(server.streams.size).toBe(1);
    server.intercept = ({ path }) => (path === '/app/config.json' ? problem('not_found', 404) : undefined);
  });

  it('shares one listener and one sign-in among its tabs', async () => {
    const { c } = await looking();
    const second = tab('two');
    await second.caravan.ready;
    const d = second.caravan.conversation('c1');
    d.view.subscribe(() => {});
    d.open();
    await vi.waitFor(() => expect(d.view.get().status).toBe('live'));
    server.say('c1', 'u-bob', 'both');
    await vi.waitFor(() => expect([texts(c), texts(d)]).toEqual([['both'], ['both']]));
    expect(firestore.attached.size).toBe(1);
    expect(firestore.signedIn).toHaveLength(1);
    browser.crash('one');
    await vi.waitFor(() => expect(firestore.signedIn).toHaveLength(2), 3_000);
    server.say('c1', 'u-bob', 'from the new leader');
    await vi.waitFor(() => expect(texts(d)).toEqual(['both', 'from the new leader']), 3_000);
  });

  it('keeps the lease while one of its tabs is visible', async () => {
    const { page } = await looking();
    const second = tab('two');
    await second.caravan.ready;
    await vi.waitFor(() => expect(second.caravan.connection.get()).toBe('live'));
    page.show(false);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.leases.size).toBe(1);
    expect(firestore.attached.size).toBe(1);
    second.page.show(false);
    await vi.waitFor(() => expect(server.leases.size).toBe(0));
  });

  it('gives the lease up and signs out of Firebase at log-out', async () => {
    const { caravan } = await looking();
    await caravan.logout();
    await vi.waitFor(() => expect(server.leases.size).toBe(0));
    await vi.waitFor(() => expect(firestore.open.size).toBe(0));
    expect(firestore.attached.size).toBe(0);
  });

  it('reads the chat when a stub stands for several messages, one of which is its own', async () => {
    const { c } = await looking();
    server.sparesSender = true;
    server.say('c1', 'u-bob', 'one');
    await vi.waitFor(() => expect(texts(c)).toEqual(['one']));
    server.say('c1', 'u-bob', 'left out', { push: false });
    c.send('mine');
    await vi.waitFor(() => expect(c.view.get().messages.at(-1)).toMatchObject({ text: 'mine', state: 'sent' }));
    await vi.waitFor(() => expect(texts(c)).toEqual(['one', 'mine']));
    const last = server.chats.get('c1')?.messages.at(-1);
    if (!last) throw new Error('nothing was sent');
    server.pushNews('u-ann', [last], true);
    await vi.waitFor(() => expect(texts(c)).toEqual(['one', 'left out', 'mine']));
  });
});
