import { CaravanError, type Bill, type Chat, type Member, type Message, type TimeUuid, type Uuid } from '../types';
import type { ChannelKind, ChatPage, Head, LeaseAnswer, MessagePage } from '../wire';
import type { AuthorizedHttp } from './authorized';
import { networkProblem } from './problem';

/** Messages a request when reading on from a cursor: the most that the server gives. */
const CATCH_UP_PAGE = 200;

/** The calls of the chat role. `device` is this browser's name. */
export class ChatApi {
  constructor(
    private readonly http: AuthorizedHttp,
    private readonly base: string,
    private readonly device: Uuid,
    private readonly pageSize: number,
  ) {}

  async openDirect(userId: Uuid): Promise<Chat> {
    return (await this.http.send({ method: 'POST', url: `${this.base}/chat`, body: { user_id: userId } })) as Chat;
  }

  async createGroup(members: readonly Uuid[], title: string, key: Uuid): Promise<Chat> {
    const headers = { 'Idempotency-Key': key };
    return (await this.http.send({ method: 'POST', url: `${this.base}/chat`, body: { members, title }, headers })) as Chat;
  }

  async chats(quantity: number, after: string | null): Promise<ChatPage> {
    const parameters = new URLSearchParams({ quantity: String(quantity), ...(after === null ? {} : { after }) });
    return withList(await this.get(`?${parameters}`), 'chats') as ChatPage;
  }

  async heads(): Promise<readonly Head[]> {
    return (withList(await this.get('/heads'), 'heads') as { heads: Head[] }).heads;
  }

  async info(chatId: Uuid): Promise<Chat> {
    return (await this.get(`/${chatId}/info`)) as Chat;
  }

  async members(chatId: Uuid, after?: string): Promise<{ members: Member[]; next: string | null }> {
    const parameters = new URLSearchParams({ quantity: '100', ...(after === undefined ? {} : { after }) });
    return withList(await this.get(`/${chatId}/members?${parameters}`), 'members') as { members: Member[]; next: string | null };
  }

  async after(chatId: Uuid, after: TimeUuid): Promise<MessagePage> {
    return withList(await this.get(`/${chatId}?after=${after}&quantity=${CATCH_UP_PAGE}`), 'messages') as MessagePage;
  }

  /** The latest page, or the one before `time`. */
  async before(chatId: Uuid, time: TimeUuid | null): Promise<MessagePage> {
    const parameters = new URLSearchParams({ quantity: String(this.pageSize), ...(time === null ? {} : { time }) });
    return withList(await this.get(`/${chatId}?${parameters}`), 'messages') as MessagePage;
  }

  async post(chatId: Uuid, key: Uuid, text: string): Promise<Message> {
    const headers = { 'Idempotency-Key': key, 'Caravan-Device': this.device };
    return (await this.http.send({ method: 'POST', url: `${this.base}/chat/${chatId}`, body: { text }, headers })) as Message;
  }

  async putRead(chatId: Uuid, messageId: TimeUuid): Promise<void> {
    await this.http.send({ method: 'PUT', url: `${this.base}/chat/${chatId}/read`, body: { message_id: messageId } });
  }

  async putAttention(channel: ChannelKind, viewing: readonly Uuid[]): Promise<LeaseAnswer> {
    const body = { channel, viewing };
    return (await this.http.send({ method: 'PUT', url: `${this.base}/attention/${this.device}`, body })) as LeaseAnswer;
  }

  async bill(): Promise<Bill> {
    return withList(await this.http.send({ method: 'GET', url: `${this.base}/admin/bill` }), 'days') as Bill;
  }

  /** A page that goes away says so: `keepalive` lets the request outlive it. */
  async deleteAttention(): Promise<void> {
    await this.http.send({ method: 'DELETE', url: `${this.base}/attention/${this.device}`, keepalive: true });
  }

  streamUrl(): string {
    return `${this.base}/stream?device=${this.device}`;
  }

  private get(path: string): Promise<unknown> {
    return this.http.send({ method: 'GET', url: `${this.base}/chat${path}` });
  }
}

/** A page without its list is no page: something between us and the server has answered. */
function withList(value: unknown, name: string): unknown {
  if (typeof value === 'object' && value !== null && Array.isArray((value as Record<string, unknown>)[name])) return value;
  throw new CaravanError(networkProblem('The answer was not understood.'));
}
