import { CaravanError, type User } from '../types';
import type { SessionAnswer } from '../wire';
import type { AuthorizedHttp } from './authorized';
import type { Http } from './http';
import { networkProblem } from './problem';

export interface UserPage {
  readonly users: User[];
  readonly next: string | null;
}

/** The calls of the auth role. */
export class AuthApi {
  constructor(
    private readonly open: Http,
    private readonly own: AuthorizedHttp,
    private readonly base: string,
  ) {}

  async register(username: string, password: string, displayName?: string): Promise<User> {
    const body = { username, password, ...(displayName === undefined ? {} : { display_name: displayName }) };
    return (await this.open.send({ method: 'POST', url: `${this.base}/users`, body })) as User;
  }

  async login(username: string, password: string): Promise<SessionAnswer> {
    return (await this.open.send({ method: 'POST', url: `${this.base}/login`, body: { username, password } })) as SessionAnswer;
  }

  async logout(refreshToken: string): Promise<void> {
    await this.open.send({ method: 'POST', url: `${this.base}/logout`, body: { refresh_token: refreshToken }, keepalive: true });
  }

  async updateProfile(displayName: string): Promise<User> {
    return (await this.own.send({ method: 'PATCH', url: `${this.base}/users/me`, body: { display_name: displayName } })) as User;
  }

  async profile(): Promise<User> {
    return (await this.own.send({ method: 'GET', url: `${this.base}/users/me` })) as User;
  }

  async changePassword(oldPassword: string, newPassword: string): Promise<void> {
    await this.own.send({ method: 'PUT', url: `${this.base}/users/me/password`, body: { old: oldPassword, new: newPassword } });
  }

  /** A Firebase custom token for oneself. */
  async firebaseToken(): Promise<string> {
    const answer = (await this.own.send({ method: 'POST', url: `${this.base}/firebase-token` })) as { token?: unknown } | null;
    if (typeof answer?.token !== 'string') throw new CaravanError(networkProblem('The answer was not understood.'));
    return answer.token;
  }

  async findUsers(query: string, after?: string): Promise<UserPage> {
    const parameters = new URLSearchParams();
    if (query !== '') parameters.set('query', query);
    if (after !== undefined) parameters.set('after', after);
    return (await this.own.send({ method: 'GET', url: `${this.base}/users?${parameters}` })) as UserPage;
  }
}
