// A server behind `fetch`, as small as the contract allows: enough to let whole clients talk to it in one process.
import { BEFORE_EVERYTHING, compareTimeUuid } from '../../../src/client/ids';
import type { Chat, Message, User } from '../../../src/client/types';

interface Account extends User {
  password: string;
}
interface StoredMessage extends Message {
  key: string | null;
}
interface StoredChat {
  id: string;
  title: string | null;
  members: string[];
  messages: StoredMessage[];
  reads: Map<string, string>;
}
interface OpenStream {
  user: string;
  device: string;
  send: (text: string) => void;
  end: () => void;
}
interface Call {
  method: string;
  path: string;
  headers: Headers;
  body: Record<string, unknown>;
}

type Answer = Response | undefined;

export const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json', ...headers } });
export const problem = (code: string, status: number, headers: Record<string, string> = {}) =>
  json({ type: `/problems/${code}`, title: code, status, detail: `said ${code}`, request_id: 'r' }, status, headers);

export class FakeServer {
  readonly accounts = new Map<string, Account>();
  readonly chats = new Map<string, StoredChat>();
  readonly calls: Call[] = [];
  readonly streams = new Set<OpenStream>();
  /** Looked at first: what it answers is the answer; `null` is a broken connection. */
  intercept: (call: Call) => Promise<Answer | null> | Answer | null = () => undefined;
  expiresIn = 900;
  private readonly access = new Map<string, string>();
  private readonly refresh = new Map<string, { user: string; usedAt: boolean; successor: string | null }>();
  private readonly seqs = new Map<string, number>();
  private epoch = 'e1';
  private count = 0;

  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(String(input), 'http://fake');
    const body = init?.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : {};
    const call = { method: init?.method ?? 'GET', path: url.pathname + url.search, headers: new Headers(init?.headers), body };
    this.calls.push(call);
    await new Promise((resolve) => setTimeout(resolve, 0));
    const forced = await this.intercept(call);
    if (forced === null) throw new TypeError('network');
    return forced ?? this.answer(call, url, init?.signal ?? null);
  };

  made(method: string, path: RegExp): Call[] {
    return this.calls.filter((c) => c.method === method && path.test(c.path));
  }

  addUser(name: string): User {
    const account = { id: `u-${name}`, username: name, display_name: name.toUpperCase(), created_at: '2026-01-01T00:00:00.000Z', password: 'secret' };
    this.accounts.set(account.id, account);
    return account;
  }

  addChat(id: string, members: string[], title: string | null = null): void {
    this.chats.set(id, { id, title, members, messages: [], reads: new Map() });
  }

  /** Stores a message; with `push` its recipients' streams hear of it. */
  say(chatId: string, sender: string, text: string, options: { push?: boolean; key?: string; long?: boolean; kind?: string } = {}): StoredMessage {
    const chat = this.chats.get(chatId);
    if (!chat) throw new Error(chatId);
    const n = ++this.count;
    const id = `${(n * 10_000).toString(16).padStart(8, '0')}-0000-1200-8000-000000000001`;
    const message = { id, chat_id: chatId, sender_id: sender, kind: options.kind ?? 'text', text, sent_at: '2026-01-01T00:00:00.000Z', key: options.key ?? null };
    chat.messages.push(message);
    if (options.push !== false) for (const user of chat.members) this.pushNews(user, [message], options.long);
    return message;
  }

  pushNews(user: string, messages: StoredMessage[], long = false): void {
    const seq = (this.seqs.get(user) ?? 0) + 1;
    this.seqs.set(user, seq);
    const shown = messages.map(({ text, ...m }) => {
      const own = { ...m, key: m.sender_id === user ? m.key : null };
      return long ? { ...own, fetch: true } : { ...own, text };
    });
    const news = { epoch: this.epoch, first: seq, seq, news: [{ seq, chat_id: messages[0]?.chat_id, messages: shown }], reads: [] };
    this.event(user, `event: news\nid: ${this.epoch}:${seq}\ndata: ${JSON.stringify(news)}\n\n`);
  }

  pushRead(chatId: string, user: string, messageId: string): void {
    this.chats.get(chatId)?.reads.set(user, messageId);
    const data = JSON.stringify({ chat_id: chatId, user_id: user, message_id: messageId });
    for (const member of this.chats.get(chatId)?.members ?? []) this.event(member, `event: read\ndata: ${data}\n\n`);
  }

  event(user: string, text: string): void {
    for (const s of this.streams) if (s.user === user) s.send(text);
  }

  bye(stream: OpenStream, reason: string): void {
    stream.send(`event: bye\ndata: {"reason":"${reason}"}\n\n`);
    stream.end();
  }

  /** All push state is gone; open streams break. */
  crash(): void {
    for (const s of [...this.streams]) s.end();
    this.epoch = `e${Number(this.epoch.slice(1)) + 1}`;
    this.seqs.clear();
  }

  /** From now on these access tokens are refused. */
  expireTokens(): void {
    this.access.clear();
  }

  private session(user: Account): object {
    const access = `access ${++this.count}`;
    const refresh = `refresh ${this.count}`;
    this.access.set(access, user.id);
    this.refresh.set(refresh, { user: user.id, usedAt: false, successor: null });
    const { password: _password, ...shown } = user;
    return { access_token: access, token_type: 'Bearer', expires_in: this.expiresIn, refresh_token: refresh, user: shown };
  }

  private answer(call: Call, url: URL, signal: AbortSignal | null): Response {
    const { method, body } = call;
    const path = url.pathname;
    if (method === 'POST' && path === '/users') return json(this.addUser(String(body.username)), 201);
    if (method === 'POST' && path === '/login') {
      const account = [...this.accounts.values()].find((a) => a.username === body.username && a.password === body.password);
      return account ? json(this.session(account)) : problem('invalid_credentials', 401);
    }
    if (method === 'POST' && path === '/token') return this.token(String(body.refresh_token));
    if (method === 'POST' && path === '/logout') return json(null, 204);
    const user = this.access.get((call.headers.get('Authorization') ?? '').slice('Bearer '.length));
    if (user === undefined) return problem('unauthorized', 401);
    if (path === '/stream') return this.stream(user, String(url.searchParams.get('device')), call.headers.get('Last-Event-ID'), signal);
    if (path.startsWith('/attention/')) {
      if (method === 'DELETE') return json(null, 204);
      return json({ epoch: this.epoch, seq: this.seqs.get(user) ?? 0, expires_in: 60, channel: 'stream' });
    }
    if (path === '/users/me' && method === 'PATCH') {
      const account = this.accounts.get(user);
      if (account) account.display_name = String(body.display_name);
      return json({ ...account, password: undefined });
    }
    if (path === '/users') return json({ users: [...this.accounts.values()].map((a) => ({ ...a, password: undefined })), next: null });
    return this.chatRoute(call, url, user);
  }

  /** The old token works again as long as its successor has not been used. */
  private token(refreshToken: string): Response {
    const known = this.refresh.get(refreshToken);
    const account = known && this.accounts.get(known.user);
    if (!known || !account) return problem('unauthorized', 401);
    if (known.successor && this.refresh.get(known.successor)?.usedAt) return problem('refresh_reused', 401);
    known.usedAt = true;
    const session = this.session(account) as { refresh_token: string };
    known.successor = session.refresh_token;
    return json(session);
  }

  private stream(user: string, device: string, lastEventId: string | null, signal: AbortSignal | null): Response {
    const encoder = new TextEncoder();
    const seq = this.seqs.get(user) ?? 0;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        let open = true;
        const entry: OpenStream = {
          user,
          device,
          send: (text) => open && controller.enqueue(encoder.encode(text)),
          end: () => {
            if (!open) return;
            open = false;
            this.streams.delete(entry);
            controller.close();
          },
        };
        signal?.addEventListener('abort', () => {
          if (open) controller.error(new DOMException('aborted', 'AbortError'));
          open = false;
          this.streams.delete(entry);
        });
        // A second stream of one device replaces the first.
        for (const other of [...this.streams]) if (other.user === user && other.device === device) this.bye(other, 'replaced');
        this.streams.add(entry);
        entry.send(`event: ready\ndata: ${JSON.stringify({ epoch: this.epoch, seq })}\n\n`);
        if (lastEventId !== null && lastEventId !== `${this.epoch}:${seq}`) entry.send(`event: resync\ndata: ${JSON.stringify({ epoch: this.epoch, seq })}\n\n`);
      },
    });
    return new Response(body, { status: 200, headers: { 'Content-Type': 'text/event-stream' } });
  }

  private chatRoute(call: Call, url: URL, user: string): Response {
    const { method, body } = call;
    const [, , id, rest] = url.pathname.split('/');
    const mine = [...this.chats.values()].filter((c) => c.members.includes(user));
    if (id === undefined && method === 'GET') return json({ chats: mine.map((c) => this.shown(c, user)).reverse(), next: null });
    if (id === undefined) {
      const title = typeof body.title === 'string' ? body.title : null;
      const others = title === null ? [String(body.user_id)] : (body.members as string[]);
      const made = `c${this.chats.size + 1}`;
      this.addChat(made, [user, ...others], title);
      const chat = this.chats.get(made);
      return chat ? json(this.shown(chat, user), 201) : problem('unavailable', 503);
    }
    if (id === 'heads') return json({ heads: mine.map((c) => ({ chat_id: c.id, last_message_id: c.messages.at(-1)?.id ?? null, unread: this.unread(c, user) })) });
    const chat = mine.find((c) => c.id === id);
    if (!chat) return problem('chat_not_found', 404);
    if (rest === 'info') return json(this.shown(chat, user));
    if (rest === 'members') return json({ members: this.shown(chat, user).members, next: null });
    if (rest === 'read') {
      chat.reads.set(user, String(body.message_id));
      return json(null, 204);
    }
    if (method === 'POST') return this.send(chat, user, call);
    return json(this.page(chat, user, url.searchParams));
  }

  private send(chat: StoredChat, user: string, call: Call): Response {
    const key = call.headers.get('Idempotency-Key');
    const known = chat.messages.find((m) => m.key === key && m.sender_id === user);
    if (known) return known.text === call.body.text ? json(known) : problem('key_reused', 409);
    return json(this.say(chat.id, user, String(call.body.text), { ...(key === null ? {} : { key }) }), 201);
  }

  private page(chat: StoredChat, user: string, parameters: URLSearchParams): object {
    const quantity = Number(parameters.get('quantity') ?? 10);
    const after = parameters.get('after');
    const time = parameters.get('time');
    const all =
      after !== null
        ? chat.messages.filter((m) => after === BEFORE_EVERYTHING || compareTimeUuid(m.id, after) > 0)
        : chat.messages.filter((m) => time === null || compareTimeUuid(m.id, time) < 0).reverse();
    const messages = all.slice(0, quantity).map((m) => ({ ...m, key: m.sender_id === user ? m.key : null }));
    return { messages, next: all.length > quantity ? messages.at(-1)?.id : null };
  }

  private unread(chat: StoredChat, user: string): number {
    const mark = chat.reads.get(user) ?? BEFORE_EVERYTHING;
    return chat.messages.filter((m) => m.sender_id !== user && compareTimeUuid(m.id, mark) > 0).length;
  }

  private shown(chat: StoredChat, user: string): Chat {
    const members = chat.members.map((id) => ({
      user_id: id,
      username: id.slice(2),
      display_name: this.accounts.get(id)?.display_name ?? id,
      read_up_to: chat.reads.get(id) ?? null,
    }));
    return {
      id: chat.id,
      kind: chat.title === null ? 'direct' : 'group',
      title: chat.title,
      member_count: members.length,
      members,
      created_at: '2026-01-01T00:00:00.000Z',
      last_message: chat.messages.at(-1) ?? null,
      unread: this.unread(chat, user),
      read_up_to: chat.reads.get(user) ?? null,
      state: 'active',
    };
  }
}
