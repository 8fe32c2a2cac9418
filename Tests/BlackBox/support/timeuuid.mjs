// The order of message ids: the 60-bit time, then the last 8 bytes; never the text.
import assert from 'node:assert/strict';

export function parts(id) {
  const [low, middle, high, clock, node] = id.toLowerCase().split('-');
  assert.equal(high[0], '1', `${id} is no TimeUUID`);
  return [BigInt(`0x${high.slice(1)}${middle}${low}`), BigInt(`0x${clock}${node}`)];
}

export function compareIds(a, b) {
  const [timeA, restA] = parts(a), [timeB, restB] = parts(b);
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return restA === restB ? 0 : restA < restB ? -1 : 1;
}

/** The same id, so many 100-nanosecond ticks later. */
export function shifted(id, ticks) {
  const [time] = parts(id);
  const hex = (time + BigInt(ticks)).toString(16).padStart(15, '0');
  return [hex.slice(7), hex.slice(3, 7), `1${hex.slice(0, 3)}`, ...id.split('-').slice(3)].join('-');
}

export function assertRising(ids, label = '') {
  for (let index = 1; index < ids.length; index++) {
    assert.ok(compareIds(ids[index - 1], ids[index]) < 0, `${label} ${ids[index - 1]} stands before ${ids[index]}`);
  }
}
