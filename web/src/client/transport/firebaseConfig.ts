import { parseJson } from '../wire';

/** `host:port` of the emulators, where tests and developers use them. */
interface Emulators {
  readonly firestore: string | null;
  readonly auth: string | null;
}

/** What the server says of its Firebase project at `/app/config.json`. It names a project and opens nothing. */
export interface FirebaseConfig {
  readonly web: { readonly apiKey: string; readonly projectId: string; readonly authDomain?: string; readonly appId?: string };
  readonly database: string;
  readonly emulators: Emulators;
}

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** null: the server delivers by its event stream alone. */
export function parseFirebaseConfig(value: unknown): FirebaseConfig | null {
  const firebase = fields(fields(value).firebase);
  const web = fields(firebase.web);
  const emulators = fields(firebase.emulators);
  const [apiKey, projectId, authDomain, appId] = [text(web.apiKey), text(web.projectId), text(web.authDomain), text(web.appId)];
  if (apiKey === null || projectId === null) return null;
  return {
    web: { apiKey, projectId, ...(authDomain === null ? {} : { authDomain }), ...(appId === null ? {} : { appId }) },
    database: text(firebase.database) ?? '(default)',
    emulators: { firestore: text(emulators.firestore), auth: text(emulators.auth) },
  };
}

/** Milliseconds until the answer must be there: the push channel waits for it. */
const TIME_LIMIT = 5_000;

/** Asked for once, and again only after there was no answer. */
export class FirebaseConfigs {
  private answer: Promise<FirebaseConfig | null> | null = null;

  constructor(
    private readonly fetch: typeof globalThis.fetch,
    private readonly url: string,
  ) {}

  /** Rejects when nobody answers; an answer that says nothing of Firebase, an error among them, is null. */
  get(): Promise<FirebaseConfig | null> {
    this.answer ??= this.ask().catch((error: unknown) => {
      this.answer = null;
      throw error;
    });
    return this.answer;
  }

  private async ask(): Promise<FirebaseConfig | null> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), TIME_LIMIT);
    try {
      const response = await this.fetch(this.url, { headers: { Accept: 'application/json' }, cache: 'no-store', credentials: 'omit', signal: limit.signal });
      if (response.status >= 500) throw new Error(`The configuration was answered with ${response.status}.`);
      return response.ok ? parseFirebaseConfig(parseJson(await response.text())) : null;
    } finally {
      clearTimeout(timer);
    }
  }
}
