// Amounts and counts as the bill shows them.

const wholeNumbers = new Intl.NumberFormat('en-US');
const shares = new Intl.NumberFormat('en-US', { style: 'percent', maximumFractionDigits: 1 });

export function count(value: number): string {
  return wholeNumbers.format(value);
}

/** `part` of `whole`; nothing of nothing is 0 %. */
export function share(part: number, whole: number): string {
  return shares.format(whole > 0 ? part / whole : 0);
}

/** Dollars; small amounts keep three digits that say something, for a thousand messages cost less than a cent. */
export function dollars(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size === 0 || size >= 1 ? 2 : Math.min(8, 2 - Math.floor(Math.log10(size)));
  return new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: size >= 100 ? 2 : digits }).format(value);
}
