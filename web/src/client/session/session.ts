import type { Http } from '../transport/http';
import { CaravanError, type User } from '../types';
import type { SessionAnswer } from '../wire';
import type { SavedSession, Store } from '../store/store';
import type { Locks } from '../options';

/** Milliseconds before its end at which an access token is renewed. */
const MARGIN = 60_000;
/** A refresh whose answer was lost is repeated with the old token, which lives another 60 s: after these many milliseconds. */
const PAUSES = [1_000, 3_000, 8_000];

export interface SessionParts {
  readonly store: Store;
  readonly http: Http;
  readonly authUrl: string;
  /** null: nobody else refreshes. */
  readonly locks: Locks | null;
  readonly lockName: string;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The session began, was renewed or ended (`expired`); not called for what `load` finds. */
  readonly onChange: (what: 'begun' | 'renewed' | 'expired') => void;
}

/**
 * Who is logged in, and the token that says so. A new refresh token is in the store before its access token is used, and the old one
 * is kept until then, so that neither a lost answer nor a crash ends the session. Tabs renew one after another, under a lock, and
 * look first whether another one has done it.
 */
export class Session {
  private current: SavedSession | null = null;
  private renewing: Promise<string> | null = null;

  constructor(private readonly parts: SessionParts) {}

  get user(): User | null {
    return this.current?.user ?? null;
  }

  /** What the store knows; also when another tab has changed it. */
  async load(): Promise<User | null> {
    this.current = await this.parts.store.session().catch(() => null);
    return this.user;
  }

  async begin(answer: SessionAnswer): Promise<User> {
    await this.keep(answer);
    this.parts.onChange('begun');
    return answer.user;
  }

  /** The profile changed. Under the lock, so that a token renewed meanwhile is not overwritten. */
  async setUser(user: User): Promise<void> {
    await this.locked(async () => {
      const saved = (await this.parts.store.session().catch(() => null)) ?? this.current;
      if (!saved || !this.current || saved.user.id !== user.id) return;
      this.current = { ...saved, user };
      await this.parts.store.saveSession(this.current).catch(() => {});
    });
    this.parts.onChange('renewed');
  }

  /** Forgets the session here; the store is wiped by the caller. Returns the refresh token, to tell the server. */
  end(): string | null {
    const token = this.current?.refreshToken ?? null;
    this.current = null;
    return token;
  }

  /** A token that will live for a while. Rejects with `unauthorized` when nobody is logged in. */
  async token(): Promise<string> {
    const { current } = this;
    if (!current) throw signedOut();
    if (current.expiresAt - this.parts.now() > MARGIN) return current.accessToken;
    return this.renew(current.accessToken);
  }

  /** `stale` was refused, or will be soon. */
  renew(stale: string): Promise<string> {
    this.renewing ??= this.locked(() => this.renewNow(stale)).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private locked<T>(work: () => Promise<T>): Promise<T> {
    const { locks, lockName } = this.parts;
    return locks ? locks.request(lockName, {}, work) : work();
  }

  private async renewNow(stale: string): Promise<string> {
    const saved = (await this.parts.store.session().catch(() => null)) ?? (this.parts.store.shared ? null : this.current);
    if (!saved || !this.current || saved.user.id !== this.current.user.id) throw signedOut();
    if (saved.accessToken !== stale && saved.expiresAt > this.parts.now()) {
      this.current = saved;
      return saved.accessToken;
    }
    const answer = await this.refresh(saved.refreshToken);
    if (!this.current) throw signedOut();
    await this.keep(answer);
    this.parts.onChange('renewed');
    return answer.access_token;
  }

  private async refresh(refreshToken: string): Promise<SessionAnswer> {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await this.parts.http.send({ method: 'POST', url: `${this.parts.authUrl}/token`, body: { refresh_token: refreshToken } });
        return answer as SessionAnswer;
      } catch (error) {
        const problem = error instanceof CaravanError ? error.problem : null;
        if (problem && problem.status >= 400 && problem.status < 500 && problem.status !== 429 && problem.status !== 408) {
          this.current = null;
          this.parts.onChange('expired');
          throw signedOut();
        }
        const pause = PAUSES[attempt];
        if (pause === undefined || problem?.retryAfter !== undefined) throw error;
        await this.parts.sleep(pause);
      }
    }
  }

  private async keep(answer: SessionAnswer): Promise<void> {
    const { access_token, expires_in, refresh_token, user } = answer;
    this.current = { accessToken: access_token, expiresAt: this.parts.now() + expires_in * 1_000, refreshToken: refresh_token, user };
    // A store that fails costs the session at the next visit, not now.
    await this.parts.store.saveSession(this.current).catch(() => {});
  }
}

function signedOut(): CaravanError {
  return new CaravanError({ code: 'unauthorized', status: 401, detail: 'Nobody is logged in.' });
}
