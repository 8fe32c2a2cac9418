import type { BillDay } from '../client/types';
import { dollars, share } from '../text/figures';
import { costsOf, monthName } from './billFigures';

/** The month's traffic as Caravan and two plain designs would have paid for it. */
export function Comparison({ month }: { month: BillDay }) {
  const { caravan, perWindow, perMessage } = costsOf(month);
  const most = Math.max(caravan, perWindow, perMessage);
  const rows = [
    { name: 'Caravan', kind: 'caravan', value: caravan, note: null },
    { name: 'A fixed window of 3 s per chat and sender', kind: 'window', value: perWindow, note: saved(caravan, perWindow) },
    { name: 'A document per message', kind: 'message', value: perMessage, note: saved(caravan, perMessage) },
  ];
  return (
    <section className="settings-group" aria-labelledby="bill-designs">
      <h2 id="bill-designs">The same traffic, designed otherwise</h2>
      <p className="settings-note">What {monthName(month.day)} would have cost so far.</p>
      <ul className="bill-designs">
        {rows.map(({ name, kind, value, note }) => (
          <li key={kind}>
            <span className="bill-design-name">{name}</span>
            <span className="bill-design-value">{dollars(value)}</span>
            <svg className="bill-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className={`bill-fill ${kind}`} width={most > 0 ? Math.max(0.5, (value / most) * 100) : 0} height={6} />
            </svg>
            {note && <span className="bill-design-note">{note}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function saved(ours: number, theirs: number): string | null {
  if (theirs <= 0) return null;
  return ours <= theirs ? `Caravan saves ${share(theirs - ours, theirs)} of it` : `Caravan costs ${share(ours - theirs, theirs)} more`;
}
