// Schedules: chosen at random, gone through exhaustively, or written by hand; each ends with the world settling.
import { deepCopy, fingerprint } from './copy';
import { random, type Random } from './random';
import { perform } from './steps';
import { Violation, World, type Setting, type Step } from './world';

/** Everything that can happen without time passing and without faults; `start` varies the order. */
function rest(w: World, start: number): void {
  for (let i = start; i < start + 400; i++) {
    const steps = w.enabled();
    const step = steps[i % Math.max(1, steps.length)];
    if (!step) return;
    perform(w, step);
  }
  throw new Violation(`no rest: ${w.enabled().map((s) => s.join(' '))}`);
}

/** Faults end, time goes on; then the clients must hold the history. */
export function settle(w: World, rounds = 26): void {
  w.faults = false;
  if (w.server.spent) w.server.spent = false;
  for (let i = 0; i < rounds; i++) {
    rest(w, i);
    w.now += 5_000;
  }
  rest(w, 0);
  w.checkSettled('after settling');
}

/** Servers 8: a late write sets the mailbox back; what it hid is repaired within `REPAIR` milliseconds. */
const REPAIR = 27_000;
export function lateWrite(w: World, chatId: string): void {
  w.faults = false;
  const before = new Map([...w.server.mailboxes].map(([user, all]) => [user, all.at(-1)]));
  perform(w, ['bobSends', chatId]);
  rest(w, 0);
  for (const [user, document] of before) if (document) w.server.mailboxes.get(user)?.push(document);
  for (let t = 0; t < REPAIR; t += 1_000) {
    rest(w, t);
    w.now += 1_000;
  }
  rest(w, 0);
  w.checkSettled('after a late write');
}

type Weights = Readonly<Record<string, number>>;
const USUAL: Weights = {
  crash: 0.12, spend: 0.01, reload: 0.06, sleep: 0.06, hide: 0.08, fail: 0.15, vanish: 0.3, cut: 0.1, cutSilently: 0.1, leaveStream: 0.05,
  giveUpAttempt: 0.5, tick: 0.25, send: 0.1, bobSends: 0.15, wake: 0.25, land: 0.7, older: 0.2, open: 0.5, close: 0.05, show: 0.4, newDay: 0.3, persist: 0.2,
  mailboxFails: 0.02, cutOff: 0.04,
};
const CALM: Weights = { ...USUAL, crash: 0.01, reload: 0.01, sleep: 0.01, hide: 0.01, fail: 0.03, cut: 0.02, cutSilently: 0.02, leaveStream: 0.01, close: 0.01, tick: 0.03, spend: 0.004, mailboxFails: 0.003, cutOff: 0.003 };
const PROFILES: readonly Weights[] = [
  USUAL,
  { ...USUAL, fail: 0.5, answer: 0.6, hide: 0.15, sleep: 0.12, wake: 0.1, crash: 0.05, tick: 0.35, open: 1 }, // a bad network
  { ...USUAL, send: 0.3, bobSends: 0.4, open: 1, crash: 0.2, commit: 0.5, getHeads: 0.4, cut: 0.25 }, // busy chats
  { ...CALM, mailbox: 0.04, land: 0.3, giveUpAttempt: 0.2, bobSends: 0.3 },
  { ...CALM, tick: 0.1, acknowledge: 0.05, giveUpAttempt: 0.7, land: 0.03, mailbox: 0.3, bobSends: 0.3 }, // a slow Firestore
  { ...CALM, deliver: 0.04, bobSends: 0.3, spend: 0.03, tick: 0.04 }, // slow readers
];

export function drawSetting(r: Random, machine: Setting['machine'], byShown = false): Setting {
  const kind = r.pick(['stream', 'stream', 'mix', 'firestore'] as const);
  const channel = () => (kind === 'mix' ? r.pick(['stream', 'firestore'] as const) : kind);
  return {
    devices: [
      { name: 'a1', user: 'ann', channel: channel() },
      { name: 'a2', user: 'ann', channel: channel() },
    ],
    chats: r.pick([['x'], ['x', 'y'], ['x', 'y']]),
    earlier: r.pick([0, 1, 2, 3]),
    page: r.pick([1, 2]),
    ring: r.pick([1, 2]),
    longEvery: r.pick([0, 0, 2, 3]),
    stubAbove: r.pick([1, 2, 99]),
    kept: r.pick([1, 2, 4]),
    machine,
    byShown,
    sends: 10,
  };
}

export interface Failure {
  readonly seed: number;
  readonly message: string;
  readonly steps: readonly Step[];
}

/** One random schedule; null when nothing was violated. */
export function runRandom(seed: number, machine: Setting['machine'], length: number, byShown = false): Failure | null {
  const r = random(seed);
  const w = new World(drawSetting(r, machine, byShown));
  const weights = PROFILES[seed % PROFILES.length] ?? USUAL;
  const steps: Step[] = [];
  try {
    if (r.below(2) === 0) warm(w);
    for (let i = 0; i < length; i++) {
      const enabled = w.enabled();
      let step = r.pick(enabled);
      while (r.unit() >= (weights[step[0]] ?? 1)) step = r.pick(enabled);
      steps.push(step);
      perform(w, step);
    }
    settle(w);
    for (const chatId of w.setting.chats) lateWrite(w, chatId);
    return null;
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { seed, message: error.message, steps };
  }
}

/** Everybody looks, with every chat open, and rests. */
export function warm(w: World): void {
  w.faults = false;
  rest(w, 0);
  for (const d of w.devices) for (const c of w.setting.chats) perform(w, ['open', d.name, c]);
  rest(w, 0);
  w.faults = true;
}

export interface Exhausted {
  readonly states: number;
  readonly failure: { readonly message: string; readonly steps: readonly Step[] } | null;
}

/** Every sequence of `depth` steps that `alphabet` allows; states that were reached before are not gone through again. */
export function exhaust(first: World, depth: number, alphabet: (step: Step, w: World) => boolean): Exhausted {
  const seen = new Set<string>();
  let level: { readonly world: World; readonly steps: readonly Step[] }[] = [{ world: first, steps: [] }];
  for (let d = 0; d <= depth; d++) {
    const next: typeof level = [];
    for (const { world, steps } of level) {
      try {
        settle(deepCopy(world), 8);
      } catch (error) {
        if (!(error instanceof Violation)) throw error;
        return { states: seen.size, failure: { message: error.message, steps } };
      }
      if (d === depth) continue;
      for (const step of world.enabled().filter((s) => alphabet(s, world))) {
        const copy = deepCopy(world);
        try {
          perform(copy, step);
        } catch (error) {
          if (!(error instanceof Violation)) throw error;
          return { states: seen.size, failure: { message: error.message, steps: [...steps, step] } };
        }
        const print = fingerprint(copy);
        if (seen.has(print)) continue;
        seen.add(print);
        next.push({ world: copy, steps: [...steps, step] });
      }
    }
    level = next;
  }
  return { states: seen.size, failure: null };
}

/** Replays those steps that are possible; the message of the violation, or null. */
export function replay(setting: Setting, warmed: boolean, steps: readonly Step[]): { readonly message: string | null; readonly done: readonly Step[] } {
  const w = new World(setting);
  const done: Step[] = [];
  try {
    if (warmed) warm(w);
    for (const step of steps) {
      if (!w.enabled().some((s) => s.join() === step.join())) continue;
      done.push(step);
      perform(w, step);
    }
    settle(w);
    for (const chatId of setting.chats) lateWrite(w, chatId);
    return { message: null, done };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { message: error.message, done };
  }
}

/** Leaves steps out of a failed random schedule as long as it still fails. */
export function minimise(failure: Failure, machine: Setting['machine']): Failure {
  const r = random(failure.seed);
  const setting = drawSetting(r, machine);
  const warmed = r.below(2) === 0;
  let { steps, message } = failure;
  for (let size = steps.length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = steps.length - size; at >= 0; at -= size) {
      const tried = replay(setting, warmed, [...steps.slice(0, at), ...steps.slice(at + size)]);
      if (tried.message !== null) {
        steps = tried.done;
        message = tried.message;
      }
    }
  }
  return { seed: failure.seed, message: `${warmed ? 'warm, ' : ''}${JSON.stringify({ ...setting, machine: undefined })}: ${message}`, steps };
}
