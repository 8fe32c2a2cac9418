import type { Session } from '../session/session';
import type { StreamEnd } from '../machine/streamLink';
import { readEventStream } from '../transport/eventStream';
import type { ServerEvent } from '../transport/sse';
import { mayRetry, problemOf } from '../transport/problem';

export interface StreamParts {
  readonly session: Session;
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly onEvents: (conn: number, events: readonly ServerEvent[]) => void;
  readonly onEnd: (conn: number, end: StreamEnd) => void;
}

/** Opens event streams with a fresh token; each ends with exactly one `onEnd`, unless it was closed. */
export class Streams {
  private readonly open = new Map<number, AbortController>();

  constructor(private readonly parts: StreamParts) {}

  start(conn: number, lastEventId: string | null): void {
    const controller = new AbortController();
    this.open.set(conn, controller);
    void this.read(conn, lastEventId, controller.signal).then((end) => {
      if (this.open.delete(conn)) this.parts.onEnd(conn, end);
    });
  }

  close(conn: number): void {
    this.open.get(conn)?.abort();
    this.open.delete(conn);
  }

  closeAll(): void {
    for (const conn of [...this.open.keys()]) this.close(conn);
  }

  private async read(conn: number, lastEventId: string | null, signal: AbortSignal): Promise<StreamEnd> {
    const { session, url, fetch, now, onEvents } = this.parts;
    try {
      const token = await session.token();
      const headers = { Authorization: `Bearer ${token}`, ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }) };
      const forward = (events: readonly ServerEvent[]) => {
        if (!signal.aborted) onEvents(conn, events);
      };
      const result = await readEventStream({ url, headers, fetch, now, onEvents: forward }, signal);
      if (result.how !== 'unauthorized') return result;
      await session.renew(token);
      return { how: 'failed', silent: false };
    } catch (error) {
      const problem = problemOf(error);
      return { how: 'failed', silent: problem.status === 0 && mayRetry(problem), ...(problem.retryAfter === undefined ? {} : { retryAfter: problem.retryAfter }) };
    }
  }
}
