import type { StreamEnd } from '../machine/streamLink';
import { parseBye, parseJson } from '../wire';
import { parseProblem } from './problem';
import { EventStreamParser, type ServerEvent } from './sse';

/** Milliseconds of silence after which a stream is dead; heartbeats come every 15 s. */
export const SILENCE_LIMIT = 45_000;
/** Milliseconds until the answer must have begun. */
const OPEN_LIMIT = 15_000;
/** Milliseconds between looks at the clock. A timer alone would not notice that the machine slept. */
const LOOK = 5_000;

export interface StreamRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly onEvents: (events: readonly ServerEvent[]) => void;
}

export type StreamResult = StreamEnd | { readonly how: 'unauthorized' };

/** Reads one event stream until it ends, is silent for too long, or is given up through `signal`. Never rejects. */
export async function readEventStream(request: StreamRequest, signal: AbortSignal): Promise<StreamResult> {
  const { now } = request;
  const end = new AbortController();
  const giveUp = () => end.abort();
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) end.abort();
  let answered = false;
  let heard = now();
  const watchdog = setInterval(() => {
    if (now() - heard > (answered ? SILENCE_LIMIT : OPEN_LIMIT)) end.abort();
  }, LOOK);
  try {
    const headers = { Accept: 'text/event-stream', ...request.headers };
    const response = await request.fetch(request.url, { headers, signal: end.signal, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    if (response.status === 401) return { how: 'unauthorized' };
    if (!response.ok || !response.body) {
      const problem = parseProblem(response.status, await response.text(), response.headers.get('Retry-After'), now());
      return { how: 'failed', silent: false, ...(problem.retryAfter === undefined ? {} : { retryAfter: problem.retryAfter }) };
    }
    answered = true;
    const reader = response.body.getReader();
    const parser = new EventStreamParser();
    end.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}));
    for (;;) {
      heard = now();
      const { done, value } = await reader.read();
      if (done || end.signal.aborted) return { how: 'ended' };
      const events = parser.push(value);
      if (events.length > 0) request.onEvents(events);
      const bye = events.find((e) => e.event === 'bye');
      if (bye) return { how: parseBye(parseJson(bye.data)) === 'replaced' ? 'replaced' : 'bye' };
    }
  } catch {
    return answered ? { how: 'ended' } : { how: 'failed', silent: true };
  } finally {
    clearInterval(watchdog);
    signal.removeEventListener('abort', giveUp);
    end.abort();
  }
}
