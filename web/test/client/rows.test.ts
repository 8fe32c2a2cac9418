// @vitest-environment node
// The rows of the protocol's last table that concern the client, by their text. Each is a schedule written by hand, in which the real
// machine must hold the history in the end; and, where a rule of the client's stops it, in which a machine without that rule must not.
import { describe, expect, it } from 'vitest';
import { compareTimeUuid } from '../../src/client/ids';
import { DeliveryMachine } from '../../src/client/machine/delivery';
import { BROKEN } from './model/broken';
import type { MachineMaker } from './model/device';
import { lateWrite, settle } from './model/schedule';
import { perform } from './model/steps';
import { Violation, World, type Setting, type Step } from './model/world';

type Script = (w: World) => void;

function setting(machine: MachineMaker, more: Partial<Setting> = {}): Setting {
  return { devices: [{ name: 'a1', user: 'ann', channel: 'stream' }], chats: ['x'], earlier: 1, page: 2, ring: 1, longEvery: 0, kept: 4, sends: 9, machine, ...more };
}

const mailbox: Partial<Setting> = { devices: [{ name: 'a1', user: 'ann', channel: 'firestore' }] };
const twoMailboxes: Partial<Setting> = {
  devices: [
    { name: 'a1', user: 'ann', channel: 'firestore' },
    { name: 'a2', user: 'ann', channel: 'firestore' },
  ],
};

/** Steps by name; `answer a1 getHeads` finds the request. */
function go(w: World, ...lines: string[]): void {
  for (const line of lines) {
    const [name = '', a = '', b] = line.split(' ');
    if (['process', 'answer', 'fail'].includes(name)) {
      const request = w.requests.findLast((r) => r.device === a && r.action.do === b && (name === 'process' ? r.state === 'sent' : r.live));
      if (!request) throw new Error(`no request for ${line}: ${w.requests.map((r) => `${r.device} ${r.action.do} ${r.state}`)}`);
      perform(w, [name, request.no]);
    } else {
      const number = (t: string) => (/^\d+$/.test(t) ? Number(t) : t);
      const step: Step = [name, ...[a, b].filter((t) => t !== undefined && t !== '').map((t) => number(String(t)))];
      perform(w, step);
    }
  }
}

/** All that happens without time passing and without faults, except to the devices named. */
function quiet(w: World, ...except: string[]): void {
  w.faults = false;
  for (let i = 0; i < 500; i++) {
    const step = w.enabled().find((s) => {
      const request = w.requests.find((r) => ['process', 'answer', 'fail'].includes(s[0]) && r.no === s[1]);
      return s[0] !== 'wake' && !except.includes(String(s[1])) && !(request && except.includes(request.device));
    });
    if (!step) break;
    perform(w, step);
  }
  w.faults = true;
}

const said = ['commit 1', 'handOver'];
const written = ['flush 0', 'attempt 0', 'land 0', 'acknowledge 0'];

function end(w: World): void {
  settle(w);
  for (const c of w.setting.chats) lateWrite(w, c);
}

function row(text: string, more: Partial<Setting>, script: Script, rule?: string): void {
  it(text, () => {
    const run = (machine: MachineMaker, byShown = false) => {
      const w = new World(setting(machine, { ...more, byShown }));
      script(w);
      end(w);
    };
    run(DeliveryMachine);
    const broken = BROKEN.find((b) => b.rule === rule);
    if (rule !== undefined && !broken) throw new Error(`no such rule: ${rule}`);
    if (broken) expect(() => run(broken.machine, broken.byShown)).toThrow(Violation);
  });
}

describe('the table of the protocol', () => {
  row(
    "B's M4 commits; A posts M5 and has 201(M5); kill -9 before M4 is pushed; A's head says M5",
    {},
    (w) => {
      go(w, 'start a1', 'open a1 x');
      quiet(w);
      go(w, 'bobSends x', 'commit 1', 'send a1 x', 'process a1 post', 'commit 1', 'answer a1 post', 'crash');
    },
    'a 201 never advances a cursor',
  );

  it('offsets 127 and 128 in one batch with one append time', () => {
    const time = '5e9a1c70-0b1f-11f0';
    const [a, b] = [`${time}-8000-00000000007f`, `${time}-8000-000000000100`];
    expect(compareTimeUuid(a, b)).toBeLessThan(0);
    expect(compareTimeUuid('ffffffff-0b1f-11f0-8000-000000000001', '00000000-0b20-11f0-8000-000000000001')).toBeLessThan(0);
  });

  row("a lease ends, a message is dropped, the renewal's answer is overtaken by the next news, or lost (overtaken)", mailbox, (w) => {
    go(w, 'start a1', 'open a1 x');
    quiet(w);
    go(w, 'sleep a1', 'tick 61', 'bobSends x', ...said, 'wake a1', 'timer a1', 'process a1 putAttention', 'bobSends x', ...said, ...written, 'mailbox a1 0');
    go(w, 'answer a1 putAttention');
  });

  row("a lease ends, a message is dropped, the renewal's answer is overtaken by the next news, or lost (lost)", mailbox, (w) => {
    go(w, 'start a1', 'open a1 x');
    quiet(w);
    go(w, 'sleep a1', 'tick 61', 'bobSends x', ...said, 'wake a1', 'timer a1', 'process a1 putAttention', 'fail a1 putAttention');
  });

  row(
    'the partition moves while a quiet recipient looks',
    {},
    (w) => {
      go(w, 'start a1', 'open a1 x');
      quiet(w);
      // The new owner knows nothing of what the old one had collected, and says so.
      const stream = w.device('a1').stream;
      go(w, 'bobSends x', 'commit 1', 'handOver');
      for (const s of w.server.push) s.collected = [];
      stream?.queue.push({ event: 'resync', line: { epoch: 'e9', seq: 0 } });
      go(w, 'deliver a1', 'crash');
      quiet(w);
    },
  );

  row(
    'the first attempt of a mailbox write lands after its retry and the next aggregate; a paused worker wakes up',
    { ...mailbox, ring: 1 },
    (w) => {
      go(w, 'start a1', 'open a1 x');
      quiet(w);
      go(w, 'bobSends x', ...said, 'flush 0', 'attempt 0', 'giveUpAttempt 0', 'attempt 0', 'land 1', 'acknowledge 0');
      go(w, 'bobSends x', ...said, 'flush 0', 'attempt 0', 'land 2', 'acknowledge 0', 'land 0');
    },
    'a renewal whose seq stays above mine starts a new run',
  );

  row(
    'a gap inside an epoch: chats caught up before it are not caught up after it',
    { ...mailbox, ring: 1 },
    (w) => {
      go(w, 'start a1', 'open a1 x');
      quiet(w);
      go(w, 'bobSends x', ...said, ...written, 'bobSends x', ...said, 'flush 0', 'attempt 0', 'land 1', 'acknowledge 0');
      // The snapshot of the first aggregate was coalesced away; news goes on before the catch-up has read.
      go(w, 'mailbox a1 1', 'tick 1', 'timer a1', 'process a1 putAttention', 'answer a1 putAttention');
      go(w, 'bobSends x', ...said, 'flush 0', 'attempt 0', 'land 2', 'mailbox a1 2');
    },
    'caught up is per run, not per epoch',
  );

  row(
    'a chat is opened, the server crashes, heads list a newer message before the cursor exists',
    {},
    (w) => {
      go(w, 'start a1');
      quiet(w);
      go(w, 'open a1 x', 'process a1 getLatest', 'crash', 'bobSends x', ...said, 'endSeen a1', 'tick 1', 'timer a1');
      go(w, 'process a1 openStream', 'deliver a1', 'deliver a1', 'process a1 getHeads', 'answer a1 getHeads', 'answer a1 getLatest');
    },
    'opening reads on if list or news have shown a later message',
  );

  row(
    'a stale mailbox or a 201 puts a message below the first page of a chat opened later',
    { page: 1 },
    (w) => {
      go(w, 'start a1');
      quiet(w);
      go(w, 'send a1 x', 'process a1 post', 'commit 1', 'answer a1 post', 'handOver', 'bobSends x', 'commit 1', 'handOver', 'bobSends x', 'commit 1', 'handOver', 'crash');
      quiet(w);
      go(w, 'open a1 x');
    },
    'what was merged below the oldest page-read message is dropped',
  );

  row("the sender's 201 was lost and its device's write withheld; then its other device looks", twoMailboxes, (w) => {
    go(w, 'start a1', 'open a1 x', 'start a2', 'open a2 x');
    quiet(w);
    go(w, 'sleep a2');
    for (let i = 0; i < 3; i++) {
      go(w, 'tick 27');
      quiet(w, 'a2');
    }
    go(w, 'send a1 x', 'process a1 post', 'commit 1', 'handOver', 'fail a1 post');
    // Withheld: only the sender's device looks.
    expect(w.server.push.some((s) => s.wanted)).toBe(false);
    go(w, 'wake a2');
  });

  row(
    'a long text comes as a stub and the page is reloaded before it is fetched',
    { longEvery: 2 },
    (w) => {
      go(w, 'start a1', 'open a1 x');
      quiet(w);
      go(w, 'bobSends x', 'commit 1', 'handOver', 'flush 0', 'deliver a1', 'persist a1', 'reload a1', 'start a1', 'open a1 x');
    },
    'a stub whose text is not held never advances a cursor',
  );
});

// Not rows of the table, but rules of the mailbox channel that no row is about.
describe('the mailbox channel', () => {
  row('a restarted server tells who looks of its new epoch, by a document with nothing in it', mailbox, (w) => {
    go(w, 'start a1', 'open a1 x');
    quiet(w);
    // Lost with the process: collected and not written. The renewal is far away; the document is what tells.
    go(w, 'tick 3', 'bobSends x', ...said, 'crash', 'land 0', 'mailbox a1 0');
    const asked = w.requests.some((r) => r.action.do === 'putAttention' && r.state === 'sent');
    expect(asked).toBe(true);
  });

  row(
    'an aggregate too large for a document ends with a message of its reader',
    { ...mailbox, stubAbove: 1 },
    (w) => {
      go(w, 'start a1', 'open a1 x');
      quiet(w);
      // What the reader sent is held from its answer; what came before it is in the stub alone.
      go(w, 'bobSends x', 'commit 1', 'handOver', 'send a1 x', 'process a1 post', 'commit 1', 'answer a1 post', 'handOver');
      go(w, ...written, 'mailbox a1 0', 'persist a1');
    },
    'a stub in a mailbox never advances a cursor, whatever is held of it',
  );

  row('the page hides while its lease is asked for, and shows again', mailbox, (w) => {
    go(w, 'start a1', 'open a1 x', 'process a1 putAttention', 'hide a1', 'process a1 deleteAttention', 'bobSends x', ...said, 'show a1', 'answer a1 putAttention');
  });

  row('Firestore fails for the browser alone, and comes back', mailbox, (w) => {
    go(w, 'start a1', 'open a1 x');
    quiet(w);
    go(w, 'bobSends x', ...said, ...written, 'mailboxFails a1');
    quiet(w);
    expect(w.device('a1').stream).not.toBeNull();
    go(w, 'bobSends x', 'commit 1', 'handOver');
    for (let i = 0; i < 5; i++) {
      go(w, 'tick 27');
      quiet(w);
    }
    expect(w.device('a1').listening).not.toBeNull();
  });
});
