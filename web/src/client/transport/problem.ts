import { parseJson } from '../wire';
import { CaravanError, type Problem } from '../types';

/** There was no answer: no network, a broken connection, a time limit, a proxy's nonsense. */
export function networkProblem(detail: string): Problem {
  return { code: 'network', status: 0, detail };
}

/** Would the same request make sense later? 401 too: by the time of the next attempt the session is renewed, or over. */
export function mayRetry(problem: Problem): boolean {
  const { status } = problem;
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;
}

/** Of an error answer: RFC 9457, or whatever else came. `now`: milliseconds since 1970. */
export function parseProblem(status: number, body: string, retryAfter: string | null, now: number): Problem {
  const parsed = parseJson(body);
  const f = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  const code = typeof f.type === 'string' ? f.type.slice(f.type.lastIndexOf('/') + 1) : '';
  const detail = typeof f.detail === 'string' ? f.detail : typeof f.title === 'string' ? f.title : `The server answered ${status}.`;
  const seconds = parseRetryAfter(retryAfter, now);
  return { code: code || fallbackCode(status), status, detail, ...(seconds === undefined ? {} : { retryAfter: seconds }) };
}

function fallbackCode(status: number): string {
  return status === 401 ? 'unauthorized' : status === 404 ? 'not_found' : status === 429 ? 'rate_limited' : status >= 500 ? 'unavailable' : 'unknown';
}

/** Seconds, or an HTTP date. No more than an hour: a wrong header must not silence a client for ever. */
function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null || value === '') return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1_000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), 3_600) : undefined;
}

export function problemOf(error: unknown): Problem {
  return error instanceof CaravanError ? error.problem : networkProblem('Something went wrong.');
}
