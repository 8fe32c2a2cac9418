import type { MailboxEnd } from '../machine/mailboxLink';
import { CaravanError, type Uuid } from '../types';
import type { FirebaseConfig } from './firebaseConfig';

export interface MailboxListener {
  /** The document as the server has it; null when there is none. */
  document(fields: unknown): void;
  /** There is no connection; the SDK goes on trying. */
  cutOff(): void;
  /** Nothing more will come. */
  failed(): void;
}

/** What is used of the Firebase SDK. Tests replace it. */
export interface FirebaseConnection {
  signIn(token: string): Promise<void>;
  /** Listens to `mailboxes/{user}`; returns the function that ends it. */
  listen(user: Uuid, heard: MailboxListener): () => void;
  close(): Promise<void>;
}
export type ConnectFirebase = (config: FirebaseConfig) => FirebaseConnection;

export interface MailboxParts {
  readonly user: Uuid;
  /** null: the server has no Firebase. Rejects when it does not answer. */
  readonly config: () => Promise<FirebaseConfig | null>;
  /** A Firebase custom token for the user. */
  readonly token: () => Promise<string>;
  readonly load: () => Promise<ConnectFirebase>;
}

export interface MailboxHandlers {
  readonly onDocument: (fields: unknown) => void;
  readonly onCutOff: () => void;
  /** At most once, and last. */
  readonly onEnd: (end: MailboxEnd) => void;
}

/** One user's mailbox: signs in when first listened to, and stays signed in until something fails. */
export class Mailbox {
  private connection: Promise<FirebaseConnection | null> | null = null;

  constructor(private readonly parts: MailboxParts) {}

  /** Returns the function that ends it; nothing is heard after that. */
  listen(handlers: MailboxHandlers): () => void {
    let over = false;
    let detach = () => {};
    const stop = () => {
      over = true;
      detach();
    };
    const end = (why: MailboxEnd) => {
      if (over) return;
      stop();
      this.close();
      handlers.onEnd(why);
    };
    const heard: MailboxListener = {
      document: (fields) => void (over || handlers.onDocument(fields)),
      cutOff: () => void (over || handlers.onCutOff()),
      failed: () => end('failed'),
    };
    this.connected().then(
      (connection) => {
        if (connection === null) return end('unconfigured');
        if (over) return;
        detach = connection.listen(this.parts.user, heard);
      },
      (error: unknown) => end(error instanceof CaravanError && error.problem.code === 'not_configured' ? 'unconfigured' : 'failed'),
    );
    return stop;
  }

  close(): void {
    const { connection } = this;
    this.connection = null;
    void connection?.then((c) => c?.close()).catch(() => {});
  }

  private connected(): Promise<FirebaseConnection | null> {
    if (this.connection === null) {
      const connecting = this.connect();
      this.connection = connecting;
      // One that failed while nobody listened must not be what the next listener gets.
      connecting.catch(() => {
        if (this.connection === connecting) this.connection = null;
      });
    }
    return this.connection;
  }

  private async connect(): Promise<FirebaseConnection | null> {
    const config = await this.parts.config();
    if (config === null) return null;
    const [connect, token] = await Promise.all([this.parts.load(), this.parts.token()]);
    const connection = connect(config);
    try {
      await connection.signIn(token);
    } catch (error) {
      void connection.close().catch(() => {});
      throw error;
    }
    return connection;
  }
}
