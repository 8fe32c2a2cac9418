// Google's emulators of Firestore and of Firebase Authentication, for tests: found where they are installed, started on free ports, killed and
// started again. `emulatorsMissing()` says why there are none.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Projects whose name begins with `demo-` exist in emulators only. */
export const project = 'demo-caravan';
export const rulesFile = fileURLToPath(new URL('../../deploy/firebase/firestore.rules', import.meta.url));

const cache = process.env.CARAVAN_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'caravan');
const toolsIn = path.join(cache, 'firebase-tools');

/** The emulator's jar: as named, of Google Cloud's package, or as firebase-tools has downloaded it. */
export function findFirestoreEmulator() {
  const named = process.env.CARAVAN_FIRESTORE_EMULATOR;
  if (named) return existsSync(named) ? named : null;
  const packaged = '/usr/lib/google-cloud-sdk/platform/cloud-firestore-emulator/cloud-firestore-emulator.jar';
  if (existsSync(packaged)) return packaged;
  const downloads = path.join(process.env.FIREBASE_EMULATORS_PATH ?? path.join(homedir(), '.cache', 'firebase', 'emulators'));
  if (!existsSync(downloads)) return null;
  const jars = readdirSync(downloads).filter((name) => /^cloud-firestore-emulator-v[\d.]+\.jar$/.test(name));
  const latest = jars.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return latest ? path.join(downloads, latest) : null;
}

/** npm's firebase-tools, by its package.json. */
export function findFirebaseTools() {
  const found = path.join(toolsIn, 'node_modules', 'firebase-tools', 'package.json');
  return existsSync(found) ? found : null;
}

/** Why tests with the emulators can't run; null if they can. `auth: false`: the one of Authentication is not needed. */
export function emulatorsMissing({ auth = true } = {}) {
  if (findFirestoreEmulator() === null) return 'the Firestore emulator is not installed (name its jar in CARAVAN_FIRESTORE_EMULATOR)';
  if (auth && findFirebaseTools() === null) return `firebase-tools is not in ${toolsIn} (script/bootstrap --test installs it)`;
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return 'java is not on the PATH';
  return null;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A process of its own group, ready when it says so. */
class Emulator {
  #child = null;

  constructor(port) {
    this.port = port;
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }

  async run(command, args, options, ready, limit = 120_000) {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
    this.#child = child;
    let output = '';
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${command} is not ready:\n${output}`)), limit);
      const settle = (work) => {
        clearTimeout(timer);
        work();
      };
      const read = (chunk) => {
        output = (output + chunk).slice(-20_000);
        if (ready.test(output)) settle(resolve);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', (error) => settle(() => reject(error)));
      child.once('exit', (code) => settle(() => reject(new Error(`${command} ended with ${code}:\n${output}`))));
    });
  }

  /** At once, its children too. */
  async kill(signal = 'SIGKILL') {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, signal);
    await ended;
  }
}

/** Keeps nothing on disk: after a restart its documents are gone. */
export class FirestoreEmulator extends Emulator {
  static async start({ rules = rulesFile } = {}) {
    const emulator = new FirestoreEmulator(await freePort());
    emulator.rules = rules;
    await emulator.start();
    return emulator;
  }

  start() {
    const args = ['-Duser.language=en', '-Xmx512m', '-cp', findFirestoreEmulator(), 'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
      '--host', '127.0.0.1', '--port', String(this.port), '--rules', this.rules];
    return this.run('java', args, {}, /now running/);
  }

  async restart() {
    await this.kill();
    await this.start();
  }

  /** The admin's view of a document: its fields as Firestore's JSON has them, or null. */
  async document(name) {
    const url = `http://${this.address}/v1/projects/${project}/databases/(default)/documents/${name}`;
    const response = await fetch(url, { headers: { Authorization: 'Bearer owner' } });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${name}: ${response.status} ${await response.text()}`);
    return (await response.json()).fields;
  }
}

export class AuthEmulator extends Emulator {
  static async start() {
    const emulator = new AuthEmulator(await freePort());
    const script = fileURLToPath(new URL('auth-emulator.mjs', import.meta.url));
    await emulator.run(process.execPath, [script, findFirebaseTools(), project, String(emulator.port)], {}, /now running/);
    return emulator;
  }
}

/** What `caravan serve --firebase` takes, for emulators at these addresses; with none of Authentication nobody can sign in. */
export const firebaseConfiguration = ({ firestore, auth = null }) =>
  JSON.stringify({ web: { apiKey: 'demo', projectId: project }, emulators: { firestore, auth } });

/** The same as a file that is gone after the test (of node:test). */
export function firebaseFile(test, addresses) {
  const folder = mkdtempSync(path.join(tmpdir(), 'caravan-firebase-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'firebase.json');
  writeFileSync(file, firebaseConfiguration(addresses));
  return file;
}

/** Both, and the file that `caravan serve --firebase` takes. */
export class Emulators {
  #folder = mkdtempSync(path.join(tmpdir(), 'caravan-emulators-'));

  static async start(options) {
    const emulators = new Emulators();
    [emulators.firestore, emulators.auth] = await Promise.all([FirestoreEmulator.start(options), AuthEmulator.start()]);
    return emulators;
  }

  /** `firestore`: where Caravan and the browsers are to find it, when that is a proxy. */
  firebaseFile({ firestore = this.firestore.address } = {}) {
    const file = path.join(this.#folder, `firebase-${firestore.replace(':', '-')}.json`);
    writeFileSync(file, firebaseConfiguration({ firestore, auth: this.auth.address }));
    return file;
  }

  async end() {
    await Promise.all([this.firestore.kill(), this.auth.kill()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
