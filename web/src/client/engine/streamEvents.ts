import type { Action } from '../machine/action';
import type { DeliveryMachine } from '../machine/delivery';
import type { Moment } from '../machine/moment';
import type { ServerEvent } from '../transport/sse';
import { parseJson, parseLine, parseNews, parseRead } from '../wire';

/** What an event of the stream means to the machine; unknown ones, and those that cannot be understood, mean nothing. */
export function streamSaid(machine: DeliveryMachine, conn: number, e: ServerEvent, m: Moment): Action[] {
  const data = parseJson(e.data);
  switch (e.event) {
    case 'ready':
    case 'resync': {
      const line = parseLine(data);
      if (!line) return [];
      return e.event === 'ready' ? machine.streamReady(conn, line, m) : machine.streamResync(conn, line, m);
    }
    case 'news': {
      const news = parseNews(data);
      return news ? machine.streamNews(conn, news, m) : [];
    }
    case 'read': {
      const read = parseRead(data);
      return read ? machine.streamRead(conn, read, m) : [];
    }
    default:
      return [];
  }
}
