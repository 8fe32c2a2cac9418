// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { Session } from '../../src/client/session/session';
import { MemoryStore } from '../../src/client/store/memoryStore';
import { Http } from '../../src/client/transport/http';
import { FakeServer, problem } from './fake/fakeServer';
import type { SessionAnswer } from '../../src/client/wire';
import type { Locks } from '../../src/client/options';

class SharedStore extends MemoryStore {
  override readonly shared = true;
}

/** One lock after another, whatever its name. */
function oneLock(): Locks {
  let last: Promise<unknown> = Promise.resolve();
  return {
    request: <T>(_: string, __: object, work: () => Promise<T>) => {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    },
  };
}

function browser() {
  const server = new FakeServer();
  server.addUser('ann');
  const store = new SharedStore();
  const locks = oneLock();
  let now = 1_000_000;
  const tab = () => {
    const onChange = vi.fn();
    const http = new Http(server.fetch, () => now);
    const session = new Session({ store, http, authUrl: '', locks, lockName: 'l', now: () => now, sleep: async (ms) => void (now += ms), onChange });
    return { session, onChange };
  };
  const login = async () => {
    const answer = await server.fetch('/login', { method: 'POST', body: JSON.stringify({ username: 'ann', password: 'secret' }) });
    return (await answer.json()) as SessionAnswer;
  };
  return { server, store, tab, login, later: (ms: number) => void (now += ms) };
}

describe('the session', () => {
  it('refresh answer lost on a bad network; two tabs refresh at once', async () => {
    const { server, store, tab, login, later } = browser();
    const [one, two] = [tab(), tab()];
    await one.session.begin(await login());
    await two.session.load();
    later(899_000);
    // The server has answered, but the answer does not arrive.
    let lost = 1;
    server.intercept = async ({ path, body }) => {
      if (path !== '/token' || lost-- <= 0) return undefined;
      server.intercept = () => undefined;
      await server.fetch('/token', { method: 'POST', body: JSON.stringify(body) });
      return null;
    };
    const [a, b] = await Promise.all([one.session.token(), two.session.token()]);
    expect(a).toBe(b);
    const used = server.made('POST', /^\/token/).map((c) => c.body.refresh_token);
    expect(new Set(used).size).toBe(1);
    expect(used.length).toBeLessThanOrEqual(3);
    expect((await store.session())?.accessToken).toBe(a);
    expect(one.onChange).not.toHaveBeenCalledWith('expired');
    expect(two.onChange).not.toHaveBeenCalledWith('expired');
  });

  it('is in the store before anybody hears of it', async () => {
    const { store, tab, login } = browser();
    const { session, onChange } = tab();
    const saved: boolean[] = [];
    onChange.mockImplementation(() => void store.session().then((s) => saved.push(s !== null)));
    const save = store.saveSession.bind(store);
    store.saveSession = async (s) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(onChange).not.toHaveBeenCalled();
      await save(s);
    };
    await session.begin(await login());
    expect(onChange).toHaveBeenCalledWith('begun');
    await vi.waitFor(() => expect(saved).toEqual([true]));
  });

  it('keeps the old refresh token until the new one is stored', async () => {
    const { server, store, tab, login, later } = browser();
    const { session } = tab();
    await session.begin(await login());
    const old = (await store.session())?.refreshToken;
    later(899_000);
    server.intercept = ({ path }) => (path === '/token' ? null : undefined);
    await expect(session.token()).rejects.toThrow();
    expect((await store.session())?.refreshToken).toBe(old);
    server.intercept = () => undefined;
    await session.token();
    expect((await store.session())?.refreshToken).not.toBe(old);
  });

  it('renews before the end, by the time since the receipt', async () => {
    const { server, tab, login, later } = browser();
    const { session } = tab();
    await session.begin(await login());
    later(830_000);
    await session.token();
    expect(server.made('POST', /^\/token/)).toHaveLength(0);
    later(20_000);
    await session.token();
    expect(server.made('POST', /^\/token/)).toHaveLength(1);
  });

  it('ends when the server says so, and not for the network', async () => {
    const { server, tab, login, later } = browser();
    const { session, onChange } = tab();
    await session.begin(await login());
    later(899_000);
    server.intercept = ({ path }) => (path === '/token' ? problem('unavailable', 503, { 'Retry-After': '1' }) : undefined);
    await expect(session.token()).rejects.toThrow();
    expect(onChange).not.toHaveBeenCalledWith('expired');
    server.intercept = ({ path }) => (path === '/token' ? problem('refresh_reused', 401) : undefined);
    await expect(session.token()).rejects.toThrow();
    expect(onChange).toHaveBeenCalledWith('expired');
  });
});
