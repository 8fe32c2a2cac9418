// Runs the real program, and speaks to it as little as these tests need.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = path.resolve(process.env.CARAVAN_BIN ?? path.join(root, '.build-release/release/caravan'));
assert.ok(existsSync(binary), `no program at ${binary}: build it, or name it in CARAVAN_BIN`);

/** The variables of the caller's own installation must not reach the program under test. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CARAVAN_')));

/** A fresh folder that is gone after the test. */
export function folder(test) {
  const path_ = mkdtempSync(path.join(tmpdir(), 'caravan-e2e-'));
  test.after(() => rmSync(path_, { recursive: true, force: true }));
  return path_;
}

/** Runs a command to its end. */
export function run(args, { env = {} } = {}) {
  return spawnSync(binary, args, { encoding: 'utf8', env: { ...environment, ...env }, timeout: 20_000 });
}

/** Starts `caravan serve`; `prefix` runs it through another command. Killed after the test. */
export async function serve(test, data, { args = [], port = 0, prefix = [], env = {} } = {}) {
  const words = [...prefix, binary, 'serve', '--data', data, '--port', String(port), '--web', 'off', ...args];
  const child = spawn(words[0], words.slice(1), { env: { ...environment, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const server = { child, log: '', port: 0, started: performance.now() };
  child.stderr.setEncoding('utf8').on('data', (text) => { server.log += text; });
  server.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  test.after(() => child.kill('SIGKILL'));
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server does not listen:\n${server.log}`)), 20_000);
    child.stderr.on('data', () => {
      const found = /"msg":"listening".*"port":(\d+)/.exec(server.log);
      if (!found) return;
      clearTimeout(timer);
      server.port = Number(found[1]);
      resolve();
    });
    child.once('exit', () => reject(new Error(`the server ended:\n${server.log}`)));
  });
  server.call = (method, target, { token, body, headers = {}, signal } = {}) =>
    fetch(`http://127.0.0.1:${server.port}${target}`, {
      method, signal,
      headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && { 'Content-Type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    });
  return server;
}

/** Two people with a chat. */
export async function twoPeople(server) {
  const sessions = [];
  for (const username of ['ann', 'ben']) {
    const made = await server.call('POST', '/users', { body: { username, password: 'correct horse' } });
    assert.equal(made.status, 201);
    const login = await server.call('POST', '/login', { body: { username, password: 'correct horse' } });
    assert.equal(login.status, 200);
    sessions.push(await login.json());
  }
  const [ann, ben] = sessions;
  const chat = await (await server.call('POST', '/chat', { token: ann.access_token, body: { user_id: ben.user.id } })).json();
  return { ann, ben, chat: chat.id };
}
