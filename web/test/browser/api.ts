// The HTTP contract, as far as the tests need it to set a scene.
import { randomUUID } from 'node:crypto';

export const password = 'a long enough password';

interface Answer {
  id: string;
  access_token: string;
  user: { id: string };
  messages: { id: string; text: string; sender_id: string }[];
  next: string | null;
}

async function call(url: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
  return (text ? JSON.parse(text) : {}) as Answer;
}

/** A person who talks to the server without a browser. */
export class Person {
  private constructor(private readonly url: string, readonly username: string, readonly displayName: string, readonly id: string, private token: string) {}

  static async register(url: string, displayName: string): Promise<Person> {
    const username = `${displayName.toLowerCase().replace(/[^a-z]/g, '')}-${randomUUID().slice(0, 8)}`;
    await call(url, 'POST', '/users', { username, password, display_name: displayName });
    const session = await call(url, 'POST', '/login', { username, password });
    return new Person(url, username, displayName, session.user.id, session.access_token);
  }

  private call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return call(this.url, method, path, body, { Authorization: `Bearer ${this.token}`, ...headers });
  }

  async openDirect(other: Person): Promise<string> {
    return (await this.call('POST', '/chat', { user_id: other.id })).id;
  }

  async openGroup(title: string, others: Person[]): Promise<string> {
    return (await this.call('POST', '/chat', { title, members: others.map((other) => other.id) })).id;
  }

  async send(chatId: string, text: string): Promise<string> {
    return (await this.call('POST', `/chat/${chatId}`, { text }, { 'Idempotency-Key': randomUUID() })).id;
  }

  async markRead(chatId: string, messageId: string): Promise<void> {
    await this.call('PUT', `/chat/${chatId}/read`, { message_id: messageId });
  }

  /** In this order, one after the other. */
  async sendAll(chatId: string, texts: readonly string[]): Promise<void> {
    for (const text of texts) await this.send(chatId, text);
  }

  /** The whole history, oldest first. */
  async history(chatId: string): Promise<string[]> {
    const texts: string[] = [];
    let time: string | null = null;
    do {
      const page: Answer = await this.call('GET', `/chat/${chatId}?quantity=200${time ? `&time=${time}` : ''}`);
      texts.unshift(...page.messages.map((message) => message.text).reverse());
      time = page.next;
    } while (time);
    return texts;
  }
}
