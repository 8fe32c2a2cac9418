import type { Session } from '../session/session';
import { CaravanError } from '../types';
import type { Http, HttpRequest } from './http';

/** Requests with the bearer token. A 401 renews the session once; what is refused again is the caller's. */
export class AuthorizedHttp {
  constructor(
    private readonly http: Http,
    private readonly session: Session,
  ) {}

  async send(request: HttpRequest): Promise<unknown> {
    const token = await this.session.token();
    try {
      return await this.http.send(withToken(request, token));
    } catch (error) {
      if (!(error instanceof CaravanError) || error.problem.status !== 401) throw error;
      return this.http.send(withToken(request, await this.session.renew(token)));
    }
  }
}

function withToken(request: HttpRequest, token: string): HttpRequest {
  return { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
}
