import type { Bill } from '../client/types';
import { dollars, share } from '../text/figures';
import { monthName, pace } from './billFigures';

/** Today, the month, the budget, and how fast money goes. */
export function Spent({ bill, now }: { bill: Bill; now: number }) {
  const today = Number(bill.today.cost.total);
  const budget = bill.budget_per_day === null ? null : Number(bill.budget_per_day);
  const speed = pace(today, now);
  return (
    <section className="settings-group" aria-labelledby="bill-spent">
      <h2 id="bill-spent">Spent</h2>
      <dl className="bill-amounts">
        <div>
          <dt>Today</dt>
          <dd>{dollars(today)}</dd>
        </div>
        <div>
          <dt>{monthName(bill.month.day)}</dt>
          <dd>{dollars(Number(bill.month.cost.total))}</dd>
        </div>
        <div>
          <dt>Per 1,000 messages</dt>
          <dd>{dollars(Number(bill.month.cost.per_1000_messages))}</dd>
        </div>
      </dl>
      {budget === null ? <p className="settings-note">No budget is set: <code>--budget 1.50/day</code> sets one.</p> : <Budget spent={today} budget={budget} />}
      <p className="settings-note">
        {speed ? <>About {dollars(speed.perHour)} an hour today; at this pace {dollars(speed.byMidnight)} by the day’s end. </> : null}
        {pressure(bill)}
      </p>
      <p className="settings-note">
        Of today, {dollars(Number(bill.today.cost.own))} is what Caravan wrote, counted exactly, and {dollars(Number(bill.today.cost.expected))} what browsers
        are expected to have read. Days begin at midnight Pacific time, as Firestore counts.
      </p>
    </section>
  );
}

function Budget({ spent, budget }: { spent: number; budget: number }) {
  const part = budget > 0 ? Math.min(1, spent / budget) : 1;
  return (
    <div className="bill-budget">
      <meter aria-label="Of today’s budget" min={0} max={1} low={0.6} high={0.9} optimum={0} value={part}>{share(spent, budget)}</meter>
      <p>{share(spent, budget)} of today’s {dollars(budget)}</p>
    </div>
  );
}

function pressure(bill: Bill): string {
  if (!bill.takes_leases) return 'The budget is spent: everybody is served by the event stream until the day turns. Nothing is lost.';
  if (bill.budget_per_day === null || bill.pressure <= 0) return '';
  return `Money is getting short: writes wait longer for company (${share(bill.pressure, 1)} of the most they may).`;
}
