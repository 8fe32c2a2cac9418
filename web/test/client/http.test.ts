// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Http } from '../../src/client/transport/http';
import { mayRetry, parseProblem } from '../../src/client/transport/problem';
import { CaravanError } from '../../src/client/types';

afterEach(() => vi.useRealTimers());

const http = (answer: () => Promise<Response>) => new Http(((_: unknown, init?: RequestInit) =>
  new Promise((resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
    answer().then(resolve, reject);
  })) as typeof fetch, () => 0);

async function problemOf(work: Promise<unknown>) {
  const error = await work.catch((e: unknown) => e);
  if (!(error instanceof CaravanError)) throw error;
  return error.problem;
}

describe('problems', () => {
  it('are read from RFC 9457 answers, with the pause the server asks for', () => {
    const body = '{"type":"/problems/rate_limited","title":"t","status":429,"detail":"d"}';
    expect(parseProblem(429, body, '3', 0)).toEqual({ code: 'rate_limited', status: 429, detail: 'd', retryAfter: 3 });
    expect(parseProblem(503, body, 'Thu, 01 Jan 1970 00:01:00 GMT', 0).retryAfter).toBe(60);
    expect(parseProblem(503, body, '999999', 0).retryAfter).toBe(3_600);
  });

  it('are made up for answers of something in between', () => {
    expect(parseProblem(502, '<html>', null, 0)).toEqual({ code: 'unavailable', status: 502, detail: 'The server answered 502.' });
  });

  it('say whether a retry makes sense', () => {
    const retried = [0, 401, 408, 429, 500, 503];
    for (const status of [0, 400, 401, 403, 404, 408, 409, 413, 429, 500, 503]) expect(mayRetry({ code: '', status, detail: '' })).toBe(retried.includes(status));
  });
});

describe('a request', () => {
  it('is given up after 15 s', async () => {
    vi.useFakeTimers();
    const work = problemOf(http(() => new Promise(() => {})).send({ method: 'GET', url: '/x' }));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await work).toMatchObject({ code: 'network', status: 0 });
  });

  it('fails as the network when the connection breaks or the answer is no JSON', async () => {
    expect(await problemOf(http(() => Promise.reject(new TypeError('broken'))).send({ method: 'GET', url: '/x' }))).toMatchObject({ code: 'network' });
    expect(await problemOf(http(async () => new Response('<html>')).send({ method: 'GET', url: '/x' }))).toMatchObject({ code: 'network' });
  });

  it('has null for an answer without a body', async () => {
    expect(await http(async () => new Response(null, { status: 204 })).send({ method: 'PUT', url: '/x' })).toBeNull();
  });
});
