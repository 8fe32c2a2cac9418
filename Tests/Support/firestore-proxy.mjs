// A proxy before Firestore, or its emulator, that counts what is written and can hold it back. Everything else passes through as it comes,
// the long answers that listeners hang on included.
import { createServer, request as ask } from 'node:http';

/** The path of a write's document below `documents/`. */
const nameOf = (write) => (write.update?.name ?? write.delete ?? '').replace(/^.*?\/documents\//, '');

export class FirestoreProxy {
  /** Every write that was asked for, attempts that failed included: `{ document, write, at }`, `at` in milliseconds since 1970. */
  writes = [];
  /** `:batchWrite` requests. */
  requests = 0;
  /** Writes by any other call: there should be none. */
  otherWrites = 0;
  #target;
  #listener;
  #sockets = new Set();
  #held = null;
  #waiting = new Set();

  /** `target`: `host:port`, which may change when what is behind is started anew. */
  static async to(target) {
    const proxy = new FirestoreProxy();
    proxy.#target = target;
    proxy.#listener = createServer((request, response) => void proxy.#pass(request, response));
    proxy.#listener.on('connection', (socket) => {
      proxy.#sockets.add(socket);
      socket.on('close', () => proxy.#sockets.delete(socket));
    });
    await new Promise((resolve) => proxy.#listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `host:port` */
  get address() {
    return `127.0.0.1:${this.#listener.address().port}`;
  }

  set target(target) {
    this.#target = target;
  }

  /** Writes to documents whose path begins so. */
  writesTo(path) {
    return this.writes.filter(({ document }) => document.startsWith(path));
  }

  reset() {
    this.writes = [];
    this.requests = this.otherWrites = 0;
  }

  /** Fulfilled when a write comes that `matches`; with one that has come already at once. */
  async written(matches, { since = 0, limit = 30_000 } = {}) {
    const deadline = AbortSignal.timeout(limit);
    for (;;) {
      const found = this.writes.slice(since).find(matches);
      if (found) return found;
      await new Promise((resolve, reject) => {
        const wake = () => {
          this.#waiting.delete(wake);
          resolve();
        };
        this.#waiting.add(wake);
        deadline.addEventListener('abort', () => reject(new Error('no such write came')), { once: true });
      });
    }
  }

  /**
   * From now on requests to write for which `matches(writes)` is true wait; they are counted when they come. Returns the function that lets those
   * that wait go, and no others wait any more.
   */
  hold(matches = () => true) {
    const held = { matches, release: null, gate: null };
    held.gate = new Promise((resolve) => {
      held.release = resolve;
    });
    this.#held = held;
    return () => {
      if (this.#held === held) this.#held = null;
      held.release();
    };
  }

  end() {
    for (const socket of this.#sockets) socket.destroy();
    this.#listener.close();
  }

  async #pass(request, response) {
    const isBatch = request.method === 'POST' && /:batchWrite(\?|$)/.test(request.url);
    if (/:(commit|batchWrite|write)(\?|$)/.test(request.url) && request.method === 'POST' && !isBatch) this.otherWrites += 1;
    if (['PATCH', 'DELETE'].includes(request.method)) this.otherWrites += 1;
    const body = isBatch ? await whole(request) : null;
    if (body) await this.#count(body);
    if (request.destroyed && body === null) return;
    const [host, port] = this.#target.split(':');
    const onward = ask({ host, port, method: request.method, path: request.url, headers: { ...request.headers, host: this.#target } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.setNoDelay(true);
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    if (body) onward.end(body);
    else request.pipe(onward);
  }

  async #count(body) {
    const writes = JSON.parse(body.toString()).writes ?? [];
    this.requests += 1;
    for (const write of writes) this.writes.push({ document: nameOf(write), write, at: Date.now() });
    for (const wake of [...this.#waiting]) wake();
    if (this.#held?.matches(writes)) await this.#held.gate;
  }
}

async function whole(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
