import type { BillDay } from '../client/types';
import { count, share } from '../text/figures';

/** What became of every message for every recipient. */
export function Deliveries({ day, month }: { day: BillDay; month: BillDay }) {
  const rows: [name: string, note: string, of: (d: BillDay) => number, part: boolean][] = [
    ['Messages', 'sent by people', (d) => d.messages, false],
    ['Deliveries', 'a message for one recipient', (d) => d.deliveries, false],
    ['Suppressed by the gate', 'nobody looked, nothing was written', (d) => d.suppressed, true],
    ['Merged by windows', 'shared a write with others', (d) => d.merged, true],
    ['Writes', 'attempts, all of them billed', (d) => d.attempts, false],
    ['Retries among them', 'after a failure', (d) => d.retries, false],
    ['Refused by the budget', 'went by the event stream', (d) => d.refused, false],
    ['Reads by browsers', 'estimated: documents heard, and attaching', (d) => d.listener_reads + d.attach_reads, false],
  ];
  return (
    <section className="settings-group" aria-labelledby="bill-deliveries">
      <h2 id="bill-deliveries">Where writes went</h2>
      <div className="bill-scroll" role="group" aria-labelledby="bill-deliveries" tabIndex={0}>
        <table className="bill-table">
          <thead>
            <tr><th scope="col">What</th><th scope="col">Today</th><th scope="col">This month</th></tr>
          </thead>
          <tbody>
            {rows.map(([name, note, of, part]) => (
              <tr key={name}>
                <th scope="row">{name} <span className="bill-row-note">{note}</span></th>
                {[day, month].map((d) => (
                  <td key={d.day}>{count(of(d))}{part && d.deliveries > 0 && <>{' '}<span className="bill-row-note">{share(of(d), d.deliveries)}</span></>}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
