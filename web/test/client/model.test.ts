// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { DeliveryMachine } from '../../src/client/machine/delivery';
import { BROKEN } from './model/broken';
import { exhaust, minimise, runRandom, warm } from './model/schedule';
import { World, type Setting, type Step } from './model/world';

/** More by `MODEL_SCHEDULES=20000 MODEL_SEED=5000`. */
const SCHEDULES = Number(process.env.MODEL_SCHEDULES ?? 1_500);
const SEED = Number(process.env.MODEL_SEED ?? 1);
const DEPTH = Number(process.env.MODEL_DEPTH ?? 6);
const LENGTHS = [40, 80, 150];

const written = (steps: readonly Step[]) => steps.map((s) => s.join(' '));

describe('the delivery machine against the model server', () => {
  it(`holds exactly the history after ${SCHEDULES} random schedules from seed ${SEED}`, () => {
    for (let seed = SEED; seed < SEED + SCHEDULES; seed++) {
      const failure = runRandom(seed, DeliveryMachine, LENGTHS[seed % LENGTHS.length] ?? 40);
      const least = failure && minimise(failure, DeliveryMachine);
      expect(least && { ...least, steps: written(least.steps) }).toBeNull();
    }
  }, 3_600_000);

  const small = (channel: 'stream' | 'firestore', more: Partial<Setting> = {}): Setting => ({
    devices: [{ name: 'a1', user: 'ann', channel }],
    chats: ['x'],
    earlier: 1,
    page: 1,
    ring: 1,
    longEvery: 0,
    kept: 2,
    sends: 2,
    machine: DeliveryMachine,
    ...more,
  });
  /** What cannot matter at this depth, or only together with more of the same, is left to chance. */
  const left = new Set(['sleep', 'hide', 'persist', 'close', 'spend', 'vanish', 'leaveStream', 'giveUpAttempt', 'older']);
  const alphabet = (step: Step) => !left.has(step[0]) && !(step[0] === 'tick' && step[1] !== 27) && !(step[0] === 'commit' && step[1] === 2);

  for (const channel of ['stream', 'firestore'] as const)
    for (const [what, prepare] of [
      ['from the first page load on', () => {}],
      ['from a chat that is open and caught up on', warm],
    ] as const)
      it(`survives all sequences of ${DEPTH} steps, ${channel}, ${what}`, () => {
        const world = new World(small(channel, { longEvery: what.startsWith('from a chat') ? 3 : 0 }));
        prepare(world);
        const result = exhaust(world, DEPTH, alphabet);
        console.info(`${channel}, ${what}: ${result.states} states`);
        expect(result.failure && { ...result.failure, steps: written(result.failure.steps) }).toBeNull();
      }, 600_000);
});

describe('the model finds the machine that breaks a rule', () => {
  for (const { rule, machine, byShown, from = 1 } of BROKEN.filter((b) => !b.byRow))
    it(rule, () => {
      let seed = from;
      while (seed < from + 4_000 && !runRandom(seed, machine, LENGTHS[seed % LENGTHS.length] ?? 40, byShown)) seed++;
      console.info(`${rule}: caught by seed ${seed}`);
      expect(seed).toBeLessThan(from + 4_000);
      // It is the rule that the schedule needs: the machine that has it passes.
      expect(runRandom(seed, DeliveryMachine, LENGTHS[seed % LENGTHS.length] ?? 40, byShown)).toBeNull();
    }, 120_000);
});
