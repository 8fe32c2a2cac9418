// Starts the server's binary, kills it, starts it again.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export class Server {
  port = 0;
  private child: ChildProcess | null = null;
  private output: string[] = [];

  private constructor(readonly data: string, private readonly args: readonly string[]) {}

  static async start(args: readonly string[] = []): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'caravan-browser-')), args);
    await server.launch();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** On the same port and data as before, if there was a before. */
  async launch(): Promise<void> {
    const more = (process.env.CARAVAN_ARGS ?? '').split(' ').filter(Boolean);
    const child = spawn(process.env.CARAVAN_BIN!, ['serve', '--port', String(this.port), '--data', this.data, '--limits', 'off', ...more, ...this.args], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.output = [];
    this.port = await new Promise<number>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The server did not say where it listens:\n${this.output.join('')}`)), 30_000);
      const read = (chunk: Buffer) => {
        this.output.push(chunk.toString());
        const port = portIn(this.output.join(''));
        if (port === null) return;
        clearTimeout(timer);
        resolve(port);
      };
      child.stdout!.on('data', read);
      child.stderr!.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${this.output.join('')}`)));
    });
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }
}

/** The log line that says "listening" names the port; an address in plain text would do as well. */
function portIn(text: string): number | null {
  for (const line of text.split('\n')) {
    const found = /"port"\s*:\s*"?(\d+)/.exec(line) ?? /https?:\/\/(?:127\.0\.0\.1|localhost|0\.0\.0\.0):(\d+)/.exec(line);
    if (found && Number(found[1]) > 0) return Number(found[1]);
  }
  return null;
}
