/** A small repeatable generator (xorshift); quality enough to choose steps. */
export interface Random {
  unit(): number;
  below(n: number): number;
  pick<T>(from: readonly T[]): T;
}

export function random(seed: number): Random {
  let x = (seed * 2_654_435_761 + 88_675_123) >>> 0 || 1;
  const unit = () => {
    x ^= x << 13;
    x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x / 4_294_967_296;
  };
  for (let i = 0; i < 8; i++) unit();
  const below = (n: number) => Math.floor(unit() * n);
  return {
    unit,
    below,
    pick(from) {
      const found = from[below(from.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
  };
}
