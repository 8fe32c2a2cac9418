// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEventStream, SILENCE_LIMIT } from '../../src/client/transport/eventStream';
import { EventStreamParser, type ServerEvent } from '../../src/client/transport/sse';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the event stream parser', () => {
  const TEXT = ': heartbeat\r\n\r\nevent: news\r\nid: e:1\r\ndata: {"a":"ä€😀"}\r\n\r\ndata:one\ndata: two\n\nevent: later\rdata\r\r';
  const EVENTS: ServerEvent[] = [
    { event: 'news', data: '{"a":"ä€😀"}', id: 'e:1' },
    { event: 'message', data: 'one\ntwo', id: 'e:1' },
    { event: 'later', data: '', id: 'e:1' },
  ];

  it('gives the same events wherever the bytes are cut', () => {
    const all = bytes(TEXT);
    for (let size = 1; size <= all.length; size++) {
      const parser = new EventStreamParser();
      const events: ServerEvent[] = [];
      for (let at = 0; at < all.length; at += size) events.push(...parser.push(all.slice(at, at + size)));
      expect(events).toEqual(EVENTS);
    }
  });

  it('keeps an event back until it is complete', () => {
    const parser = new EventStreamParser();
    expect(parser.push(bytes('data: x\n'))).toEqual([]);
    expect(parser.push(bytes('\n'))).toHaveLength(1);
  });

  it('takes an LF after a chunk that was only an LF', () => {
    const parser = new EventStreamParser();
    const events = ['data: x\r', '\n', '\n', 'data: y\n\n'].flatMap((t) => parser.push(bytes(t)));
    expect(events.map((e) => e.data)).toEqual(['x', 'y']);
  });

  it('makes no event of comments and unknown fields', () => {
    expect(new EventStreamParser().push(bytes(':a\n\nretry: 5\nfoo: bar\n\n'))).toEqual([]);
  });

  it('gives up an event without end', () => {
    const parser = new EventStreamParser();
    const chunk = bytes('x'.repeat(1024 * 1024));
    parser.push(bytes('data: '));
    expect(() => {
      for (let i = 0; i < 5; i++) parser.push(chunk);
    }).toThrow();
  });
});

describe('reading an event stream', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function stream(): { body: ReadableStream<Uint8Array>; send: (t: string) => void; end: () => void } {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({ start: (c) => void (controller = c) });
    return { body, send: (t) => controller?.enqueue(bytes(t)), end: () => controller?.close() };
  }

  function read(response: Response | Promise<Response>, signal = new AbortController().signal) {
    const events: ServerEvent[] = [];
    const fetch = async (_: unknown, init?: RequestInit) =>
      new Promise<Response>((resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        void Promise.resolve(response).then(resolve);
      });
    const result = readEventStream({ url: '/stream', headers: {}, fetch: fetch as typeof globalThis.fetch, now: () => Date.now(), onEvents: (e) => events.push(...e) }, signal);
    return { events, result };
  }

  it('hands on events until the end', async () => {
    const s = stream();
    const { events, result } = read(new Response(s.body));
    s.send('event: ready\ndata: 1\n\nevent: news\ndata: 2\n\n');
    s.end();
    expect(await result).toEqual({ how: 'ended' });
    expect(events.map((e) => e.event)).toEqual(['ready', 'news']);
  });

  it('is dead after 45 s of silence, and heartbeats keep it alive', async () => {
    const s = stream();
    let ended = false;
    const { result } = read(new Response(s.body));
    void result.then(() => (ended = true));
    for (let i = 0; i < 6; i++) {
      await vi.advanceTimersByTimeAsync(15_000);
      s.send(': beat\n\n');
    }
    expect(ended).toBe(false);
    await vi.advanceTimersByTimeAsync(SILENCE_LIMIT + 10_000);
    expect(ended).toBe(true);
  });

  it('notices at once that the machine has slept', async () => {
    const s = stream();
    const { result } = read(new Response(s.body));
    await vi.advanceTimersByTimeAsync(1_000);
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await result).toEqual({ how: 'ended' });
  });

  it('tells a bye from an end', async () => {
    const s = stream();
    const { result } = read(new Response(s.body));
    s.send('event: bye\ndata: {"reason":"draining"}\n\n');
    expect(await result).toEqual({ how: 'bye' });
  });

  it('tells that another stream has taken the place', async () => {
    const s = stream();
    const { result } = read(new Response(s.body));
    s.send('event: bye\ndata: {"reason":"replaced"}\n\n');
    expect(await result).toEqual({ how: 'replaced' });
  });

  it('passes on how long the server wants to be left alone', async () => {
    const { result } = read(new Response('{"type":"/problems/too_many_streams"}', { status: 429, headers: { 'Retry-After': '7' } }));
    expect(await result).toEqual({ how: 'failed', silent: false, retryAfter: 7 });
  });

  it('gives up when nothing answers', async () => {
    const { result } = read(new Promise<Response>(() => {}));
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await result).toEqual({ how: 'failed', silent: true });
  });

  it('tells a refused token', async () => {
    expect(await read(new Response('', { status: 401 })).result).toEqual({ how: 'unauthorized' });
  });
});
