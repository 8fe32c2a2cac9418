// Firebase's SDK and what is behind it, as small as the transport needs it.
import type { ConnectFirebase, FirebaseConnection, MailboxListener } from '../../../src/client/transport/mailbox';

interface Attached {
  readonly user: string;
  readonly heard: MailboxListener;
}

export class FakeFirestore {
  readonly documents = new Map<string, object>();
  readonly attached = new Set<Attached>();
  readonly open = new Set<FirebaseConnection>();
  readonly signedIn: string[] = [];
  writes = 0;
  loads = 0;
  /** Set: signing in fails. */
  refuses = false;
  /** Set: listeners hear nothing. */
  silent = false;

  readonly load = async (): Promise<ConnectFirebase> => {
    this.loads += 1;
    return () => this.connect();
  };

  write(user: string, document: object): void {
    this.writes += 1;
    this.documents.set(user, document);
    if (!this.silent) for (const a of [...this.attached]) if (a.user === user) a.heard.document(document);
  }

  fail(): void {
    for (const a of [...this.attached]) a.heard.failed();
  }

  private connect(): FirebaseConnection {
    const connection: FirebaseConnection = {
      signIn: async (token) => {
        if (this.refuses) throw new Error('auth/invalid-custom-token');
        this.signedIn.push(token);
      },
      listen: (user, heard) => {
        const a = { user, heard };
        this.attached.add(a);
        setTimeout(() => {
          if (this.attached.has(a) && !this.silent) heard.document(this.documents.get(user) ?? null);
        }, 0);
        return () => this.attached.delete(a);
      },
      close: async () => void this.open.delete(connection),
    };
    this.open.add(connection);
    return connection;
  }
}
