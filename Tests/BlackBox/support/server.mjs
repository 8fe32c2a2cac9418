// Starts the real binary on a free port with an empty folder, and stops it as an operator would.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './api.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

function binary() {
  if (process.env.CARAVAN_BIN) return path.resolve(process.env.CARAVAN_BIN);
  const found = ['.build/release/caravan', '.build/debug/caravan'].map((file) => path.join(root, file)).find(existsSync);
  assert.ok(found, 'no binary: build it, or name it in CARAVAN_BIN');
  return found;
}

/** The variables of the caller's own installation must not reach the server under test. */
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CARAVAN_')));
}

export async function startServer({ limits = 'off', args = [], data } = {}) {
  data ??= await mkdtemp(path.join(tmpdir(), 'caravan-blackbox-'));
  const child = spawn(binary(), ['serve', '--port', '0', '--data', data, '--web', 'off', '--limits', limits, ...args], {
    cwd: data, env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'pipe'],
  });
  const server = new Server(child, data);
  try {
    await server.listening();
  } catch (error) {
    child.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
    throw error;
  }
  return server;
}

class Server {
  #names = 0;
  #password = 'correct horse';
  log = '';

  constructor(child, data) {
    this.child = child;
    this.data = data;
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text) => { this.log += text; });
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  }

  async listening() {
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      const found = /"port":\s*"?(\d+)/.exec(this.log) ?? /https?:\/\/[^\s"/]*:(\d+)/.exec(this.log);
      if (found) {
        this.port = Number(found[1]);
        this.base = `http://127.0.0.1:${this.port}`;
        this.api = new Api(this.base);
        return;
      }
      if (this.child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`${this.child.spawnfile} does not listen (exit code ${this.child.exitCode}):\n${this.log}`);
  }

  /** Registers somebody with a fresh name and logs in. */
  async user(displayName) {
    const username = `u${process.pid.toString(36)}.${++this.#names}`;
    const made = await this.api.post('/users', { username, password: this.#password, ...(displayName && { display_name: displayName }) });
    assert.equal(made.status, 201, made.text);
    return this.login(username);
  }

  async login(username, password = this.#password) {
    const answer = await this.api.post('/login', { username, password });
    assert.equal(answer.status, 200, answer.text);
    const session = answer.body;
    return Object.assign(new Api(this.base, session.access_token), {
      id: session.user.id, username: session.user.username, password, session, user: session.user,
    });
  }

  async users(count) {
    const made = [];
    for (let index = 0; index < count; index++) made.push(await this.user());
    return made;
  }

  /** Ends it as a crash would; the folder stays. */
  async crash() {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM must end it with exit code 0 within 10 s, whatever is still connected. */
  async stop({ keep = false } = {}) {
    const started = Date.now();
    if (this.child.exitCode === null) this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
    const { code, signal } = await this.exited;
    clearTimeout(late);
    if (!keep) await rm(this.data, { recursive: true, force: true });
    assert.equal(signal, null, `still running ${Date.now() - started} ms after SIGTERM`);
    assert.equal(code, 0, this.log.slice(-2000));
  }
}
