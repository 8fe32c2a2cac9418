import type { BillDay } from '../client/types';
import { count, dollars } from '../text/figures';
import { costsOf, dayName } from './billFigures';

/** The chart's figures, newest first. */
export function DayTable({ days }: { days: readonly BillDay[] }) {
  return (
    <div className="bill-scroll" role="group" aria-label="Day by day, as a table" tabIndex={0}>
      <table className="bill-table">
        <caption className="visually-hidden">Dollars a day: Caravan and two other designs</caption>
        <thead>
          <tr>
            <th scope="col">Day</th><th scope="col">Messages</th><th scope="col">Writes</th><th scope="col">Caravan</th>
            <th scope="col">Fixed 3 s window</th><th scope="col">Per message</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((d) => {
            const { caravan, perWindow, perMessage } = costsOf(d);
            return (
              <tr key={d.day}>
                <th scope="row"><time dateTime={d.day}>{dayName(d.day)}</time></th>
                <td>{count(d.messages)}</td><td>{count(d.attempts)}</td>
                <td>{dollars(caravan)}</td><td>{dollars(perWindow)}</td><td>{dollars(perMessage)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
