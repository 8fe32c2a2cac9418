// What the tests of the rules do in a page, with the SDK that the app uses.
import { deleteApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, initializeAuth, inMemoryPersistence, signInWithCustomToken } from 'firebase/auth';
import {
  collection, connectFirestoreEmulator, deleteDoc, doc, documentId, getDocFromServer, getDocsFromServer, initializeFirestore, onSnapshot, query, setDoc, where,
} from 'firebase/firestore';

export interface Ask {
  readonly project: string;
  readonly firestore: string;
  readonly auth: string;
  /** null: nobody signs in. */
  readonly token: string | null;
  readonly user: string;
}

/** The outcome of everything that can be tried on a mailbox: `ok`, or the error's code. */
export async function tryAll({ project, firestore, auth: authAddress, token, user }: Ask): Promise<Record<string, string>> {
  const app = initializeApp({ apiKey: 'demo', projectId: project }, Math.random().toString());
  const auth = initializeAuth(app, { persistence: inMemoryPersistence });
  connectAuthEmulator(auth, `http://${authAddress}`, { disableWarnings: true });
  const store = initializeFirestore(app, {});
  const [host, port] = firestore.split(':');
  connectFirestoreEmulator(store, host ?? '', Number(port));
  if (token !== null) await signInWithCustomToken(auth, token);
  const mailbox = doc(store, 'mailboxes', user);
  const mailboxes = collection(store, 'mailboxes');
  const outcomes: Record<string, string> = {};
  const attempt = async (name: string, work: () => Promise<unknown>) => {
    outcomes[name] = await work().then(() => 'ok', (error: { code?: string }) => error.code ?? String(error));
  };
  await attempt('get', () => getDocFromServer(mailbox));
  await attempt('listen', () => new Promise<void>((resolve, reject) => onSnapshot(mailbox, () => resolve(), reject)));
  await attempt('list', () => getDocsFromServer(mailboxes));
  await attempt('query', () => getDocsFromServer(query(mailboxes, where(documentId(), '==', user))));
  await attempt('write', () => setDoc(mailbox, { news: '[]' }));
  await attempt('delete', () => deleteDoc(mailbox));
  await attempt('below', () => getDocFromServer(doc(mailbox, 'more', 'x')));
  await attempt('elsewhere', () => setDoc(doc(store, 'other', user), { a: 1 }));
  await deleteApp(app);
  return outcomes;
}
