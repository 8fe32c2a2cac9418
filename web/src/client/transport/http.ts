import { CaravanError } from '../types';
import { parseJson } from '../wire';
import { networkProblem, parseProblem } from './problem';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** May outlive the page. */
  readonly keepalive?: boolean;
}

/** Milliseconds until an answer must be complete. */
const TIME_LIMIT = 15_000;

/** One request, one answer: the JSON of a 2xx, or a rejection with `CaravanError`, always within the time limit. */
export class Http {
  constructor(
    private readonly fetch: typeof globalThis.fetch,
    private readonly now: () => number,
  ) {}

  async send(request: HttpRequest): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), TIME_LIMIT);
    try {
      const response = await this.fetch(request.url, { ...init(request), signal: limit.signal });
      const text = await response.text();
      if (!response.ok) throw new CaravanError(parseProblem(response.status, text, response.headers.get('Retry-After'), this.now()));
      if (text === '') return null;
      const value = parseJson(text);
      // A 200 that is not JSON comes from something between us and the server.
      if (value === undefined) throw new CaravanError(networkProblem('The answer was not understood.'));
      return value;
    } catch (error) {
      if (error instanceof CaravanError) throw error;
      throw new CaravanError(networkProblem(limit.signal.aborted ? 'No answer in time.' : 'The network could not be reached.'));
    } finally {
      clearTimeout(timer);
    }
  }
}

function init(request: HttpRequest): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json', ...request.headers };
  if (request.body !== undefined) headers['Content-Type'] = 'application/json';
  return {
    method: request.method,
    headers,
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.keepalive ? { keepalive: true } : {}),
  };
}
