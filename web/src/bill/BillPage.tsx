import '../styles/bill.css';
import { useDelayed } from '../app/environment';
import { paths } from '../app/paths';
import type { Bill, Problem } from '../client/types';
import { Icon } from '../ui/Icon';
import { PaneHeader } from '../ui/PaneHeader';
import { ProblemNote } from '../ui/ProblemNote';
import { isEmpty } from './billFigures';
import { Comparison } from './Comparison';
import { CostChart } from './CostChart';
import { DayTable } from './DayTable';
import { Deliveries } from './Deliveries';
import { PriceNote } from './PriceNote';
import { Spent } from './Spent';
import { useBill } from './useBill';

/** What Firestore has cost, for admins. */
export default function BillPage() {
  const { bill, at, problem, pending, ask } = useBill();
  const waiting = useDelayed(bill === null && pending, 300);
  return (
    <main className="page" aria-label="What it costs">
      <PaneHeader title="What it costs" back={paths.settings} />
      <div className="page-body bill">
        {problem && <Refused problem={problem} pending={pending} again={ask} />}
        {waiting && <p className="bill-waiting" role="status"><span className="spinner" aria-hidden="true" /> Adding up…</p>}
        {bill && (isEmpty(bill) ? <Nothing bill={bill} /> : <Figures bill={bill} at={at} />)}
      </div>
    </main>
  );
}

function Figures({ bill, at }: { bill: Bill; at: number }) {
  return (
    <>
      <Spent bill={bill} now={at} />
      <Comparison month={bill.month} />
      <section className="settings-group" aria-labelledby="bill-days">
        <h2 id="bill-days">Day by day</h2>
        <CostChart days={bill.days} />
        <details className="bill-details">
          <summary>The same as a table</summary>
          <DayTable days={bill.days} />
        </details>
      </section>
      <Deliveries day={bill.today} month={bill.month} />
      <PriceNote prices={bill.prices} />
    </>
  );
}

function Nothing({ bill }: { bill: Bill }) {
  return (
    <>
      <section className="bill-nothing">
        <span className="nothing-icon"><Icon name="check" size={32} /></span>
        <h2>{bill.configured ? 'Nothing spent yet' : 'Firestore is not in use'}</h2>
        <p>
          {bill.configured
            ? 'As soon as messages are written for people who look, this page says what that costs.'
            : 'This server delivers by its own event stream, which costs nothing beyond the server itself. Start it with --firebase to push through Firestore.'}
        </p>
      </section>
      <PriceNote prices={bill.prices} />
    </>
  );
}

function Refused({ problem, pending, again }: { problem: Problem; pending: boolean; again: () => void }) {
  return (
    <div className="bill-refused">
      <ProblemNote problem={problem} />
      {problem.code !== 'forbidden' && <button type="button" className="button small" onClick={again} disabled={pending}>Try again</button>}
    </div>
  );
}
