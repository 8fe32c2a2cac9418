// A month of plausible traffic for the page on costs.
import { CaravanError, type Bill, type BillDay } from '../../src/client/types';

const fixed = (value: number) => value.toFixed(9).replace(/0+$/, '').replace(/\.$/, '');

function dayOf(day: string, messages: number): BillDay {
  const deliveries = Math.round(messages * 2.1);
  const suppressed = Math.round(deliveries * 0.58);
  const merged = Math.round(deliveries * 0.06);
  const attempts = deliveries - suppressed - merged;
  const [own, expected] = [(attempts * 0.9) / 1e6, (attempts * 1.3 * 0.3) / 1e6];
  return {
    day, messages, deliveries, suppressed, merged, attempts, retries: Math.round(attempts / 400), successes: attempts, refused: 0,
    listener_reads: attempts, attach_reads: Math.round(attempts * 0.3), own_reads: 0, deletes: 0,
    cost: {
      own: fixed(own), expected: fixed(expected), total: fixed(own + expected), per_1000_messages: fixed(messages > 0 ? ((own + expected) * 1000) / messages : 0),
      per_message_design: fixed((messages * 3) / 1e6), per_window_design: fixed((messages * 2.84) / 1e6),
    },
  };
}

/** `full`, `empty`, `off` (no Firebase) or `forbidden`. */
export function fakeBill(scene: string): Bill {
  if (scene === 'forbidden') throw new CaravanError({ code: 'forbidden', status: 403, detail: 'This is for admins.' });
  const some = scene === 'full';
  const days = some ? Array.from({ length: 28 }, (_, i) => dayOf(`2026-11-${String(i + 1).padStart(2, '0')}`, Math.round(220_000 + 90_000 * Math.sin(i / 2.2) + (i % 7 > 4 ? 140_000 : 0)))) : [];
  return {
    currency: 'USD',
    prices: {
      name: 'nam5', title: 'Firestore Standard, nam5 (United States)', source: 'https://cloud.google.com/firestore/pricing', read_on: '2026-11-25',
      reads_per_100000: '0.03', writes_per_100000: '0.09', deletes_per_100000: '0.01', free_per_day: { reads: 50_000, writes: 20_000, deletes: 20_000 },
    },
    budget_per_day: some ? '0.75' : null, pressure: some ? 0.35 : 0, takes_leases: true, configured: scene !== 'off',
    today: days.at(-1) ?? dayOf('2026-11-28', 0),
    month: dayOf('2026-11', days.reduce((sum, d) => sum + d.messages, 0)),
    days,
  };
}
