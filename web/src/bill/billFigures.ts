// What the page makes of the bill's figures. Days are Firestore's: they begin at midnight Pacific time.
import type { Bill, BillDay } from '../client/types';

export interface Costs {
  readonly day: string;
  readonly caravan: number;
  readonly perWindow: number;
  readonly perMessage: number;
}

export function costsOf(day: BillDay): Costs {
  return { day: day.day, caravan: Number(day.cost.total), perWindow: Number(day.cost.per_window_design), perMessage: Number(day.cost.per_message_design) };
}

/** Nothing has been sent, written or read in any of the days. */
export function isEmpty(bill: Bill): boolean {
  return [bill.today, bill.month, ...bill.days].every((d) => d.messages === 0 && d.attempts === 0 && d.attach_reads === 0);
}

const pacific = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', hourCycle: 'h23', hour: 'numeric', minute: 'numeric' });

/** Hours since the day began (off by one on the two days of the time change). */
export function hoursToday(now: number): number {
  const parts = new Map(pacific.formatToParts(now).map((p) => [p.type, Number(p.value)]));
  return (parts.get('hour') ?? 0) + (parts.get('minute') ?? 0) / 60;
}

export interface Pace {
  readonly perHour: number;
  /** What the day comes to if it goes on like this. */
  readonly byMidnight: number;
}

/** null in the first quarter of an hour: too early to say. */
export function pace(spent: number, now: number): Pace | null {
  const hours = hoursToday(now);
  if (hours < 0.25 || spent <= 0) return null;
  return { perHour: spent / hours, byMidnight: (spent / hours) * 24 };
}

/** A round number at or above `value`, and three or four marks up to it. */
export function scale(value: number): { readonly top: number; readonly marks: readonly number[] } {
  if (!(value > 0)) return { top: 1, marks: [0, 1] };
  const power = 10 ** Math.floor(Math.log10(value));
  const step = ([0.25, 0.5, 1, 2, 2.5, 5].find((s) => s * power * 4 >= value) ?? 5) * power;
  const steps = Math.max(1, Math.ceil(value / step - 1e-9));
  return { top: steps * step, marks: Array.from({ length: steps + 1 }, (_, i) => i * step) };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const longMonths = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** `2026-11-28` → `28 Nov`. */
export function dayName(day: string): string {
  const [, month, date] = day.split('-').map(Number);
  return date === undefined ? day : `${date} ${months[(month ?? 1) - 1] ?? ''}`;
}

/** `2026-11` → `November 2026`. */
export function monthName(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return `${longMonths[(number ?? 1) - 1] ?? month} ${year ?? ''}`.trim();
}
