import type { Bill } from '../client/types';
import { count, dollars } from '../text/figures';

export function PriceNote({ prices }: { prices: Bill['prices'] }) {
  const free = prices.free_per_day;
  const rows = [
    ['Reads', prices.reads_per_100000, free.reads],
    ['Writes', prices.writes_per_100000, free.writes],
    ['Deletes', prices.deletes_per_100000, free.deletes],
  ] as const;
  return (
    <section className="settings-group" aria-labelledby="bill-prices">
      <h2 id="bill-prices">Prices</h2>
      <div className="bill-scroll" role="group" aria-labelledby="bill-prices" tabIndex={0}>
        <table className="bill-table">
          <thead><tr><th scope="col">Operation</th><th scope="col">100,000 of them</th><th scope="col">Free a day</th></tr></thead>
          <tbody>
            {rows.map(([name, price, perDay]) => (
              <tr key={name}><th scope="row">{name}</th><td>{dollars(Number(price))}</td><td>{count(perDay)}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="settings-note">
        {prices.title}, read on {prices.read_on}
        {/^https?:\/\//.test(prices.source) ? <> at <a href={prices.source} rel="noopener noreferrer" target="_blank">{new URL(prices.source).host}</a></> : prices.source && ` (${prices.source})`}.
      </p>
    </section>
  );
}
