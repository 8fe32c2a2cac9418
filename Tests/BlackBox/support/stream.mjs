// Reads the event stream as a browser does: fetch, line by line.
import assert from 'node:assert/strict';

export class EventStream {
  #waiting = [];
  #abort = new AbortController();
  events = [];
  comments = 0;

  static async open(user, { device = crypto.randomUUID(), lastEventId } = {}) {
    const stream = new EventStream();
    const response = await fetch(`${user.base}/stream?device=${device}`, {
      headers: { authorization: `Bearer ${user.token}`, ...(lastEventId && { 'last-event-id': lastEventId }) },
      signal: stream.#abort.signal,
    });
    assert.equal(response.status, 200, response.status === 200 ? '' : await response.text());
    Object.assign(stream, { device, headers: response.headers });
    stream.ended = stream.#read(response.body).then(() => true, () => true).finally(() => stream.#settle());
    return stream;
  }

  async #read(body) {
    let held = '';
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      held += text;
      let end;
      while ((end = /\r?\n\r?\n/.exec(held))) {
        this.#take(held.slice(0, end.index));
        held = held.slice(end.index + end[0].length);
      }
    }
  }

  #take(block) {
    const fields = { event: 'message', data: [] };
    for (const line of block.split(/\r?\n/)) {
      if (line.startsWith(':')) { this.comments++; continue; }
      const [, name, value] = /^([^:]+):? ?([^]*)$/.exec(line) ?? [];
      if (name === 'data') fields.data.push(value);
      else if (name) fields[name] = value;
    }
    if (fields.data.length > 0) this.events.push({ ...fields, data: JSON.parse(fields.data.join('\n')) });
    this.#settle();
  }

  #settle() {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Waits until `pick` finds something in what has arrived. */
  async until(pick, what = 'an event', milliseconds = 8_000) {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const found = pick(this.events, this);
      if (found) return found;
      const left = deadline - Date.now();
      assert.ok(left > 0, `${what} did not come; came: ${JSON.stringify(this.events).slice(0, 1500)}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => { clearTimeout(timer); resolve(); });
      });
    }
  }

  event(name, milliseconds) {
    return this.until((events) => events.find((event) => event.event === name), name, milliseconds);
  }

  get news() {
    return this.events.filter((event) => event.event === 'news');
  }

  get messages() {
    return this.news.flatMap((event) => event.data.news.flatMap((entry) => entry.messages));
  }

  message(id) {
    return this.until(() => this.messages.find((message) => message.id === id), `message ${id}`);
  }

  /** Read hints come as events of their own or ride in news. */
  get reads() {
    return this.events.flatMap((event) => event.event === 'read' ? [event.data] : event.event === 'news' ? event.data.reads : []);
  }

  /** News is contiguous from the base line on, and its ids are `epoch:seq`. */
  assertContiguous(baseLine) {
    let mine = baseLine.seq;
    for (const { id, data } of this.news) {
      assert.equal(data.epoch, baseLine.epoch);
      assert.equal(id, `${data.epoch}:${data.seq}`);
      assert.equal(data.first, mine + 1, 'a gap, or news twice');
      assert.ok(data.seq >= data.first);
      for (const entry of data.news) assert.ok(entry.seq >= data.first && entry.seq <= data.seq);
      mine = data.seq;
    }
    return mine;
  }

  async close() {
    this.#abort.abort();
    await this.ended;
  }
}
