// The only file that imports the Firebase SDK. It is loaded when the server says that Firebase is configured, and not before: the SDK is
// larger than everything else together.
import { deleteApp, initializeApp } from 'firebase/app';
import { connectAuthEmulator, initializeAuth, inMemoryPersistence, signInWithCustomToken } from 'firebase/auth';
import { connectFirestoreEmulator, doc, initializeFirestore, memoryLocalCache, onSnapshot } from 'firebase/firestore';
import type { FirebaseConfig } from './firebaseConfig';
import type { FirebaseConnection } from './mailbox';

let count = 0;

/** Session and cache live in memory only: whoever is logged in is the client library's business, and what is held is in its own store. */
export function connectFirebase(config: FirebaseConfig): FirebaseConnection {
  const { web, database, emulators } = config;
  // A name of its own: another user's connection may not have ended yet.
  const app = initializeApp({ ...web }, `caravan-${++count}`);
  const auth = initializeAuth(app, { persistence: inMemoryPersistence });
  const store = initializeFirestore(app, { localCache: memoryLocalCache() }, database);
  if (emulators.auth !== null) connectAuthEmulator(auth, `http://${emulators.auth}`, { disableWarnings: true });
  if (emulators.firestore !== null) {
    const colon = emulators.firestore.lastIndexOf(':');
    connectFirestoreEmulator(store, emulators.firestore.slice(0, colon), Number(emulators.firestore.slice(colon + 1)));
  }
  return {
    signIn: async (token) => void (await signInWithCustomToken(auth, token)),
    listen: (user, heard) =>
      onSnapshot(
        doc(store, 'mailboxes', user),
        { includeMetadataChanges: true },
        // What comes from the cache says that the server cannot be reached.
        (snapshot) => (snapshot.metadata.fromCache ? heard.cutOff() : heard.document(snapshot.data() ?? null)),
        () => heard.failed(),
      ),
    close: () => deleteApp(app),
  };
}
