// Worlds of the model are plain data in classes: they can be copied to try another step, and written down to see whether two
// ways led to the same state.

type Seen = Map<object, unknown>;

/** A deep copy that keeps classes, shared references, maps and sets. Functions stay the same. */
export function deepCopy<T>(value: T, seen: Seen = new Map()): T {
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known as T;
  if (Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    const copy = new Map();
    seen.set(value, copy);
    for (const [k, v] of value) copy.set(k, deepCopy(v, seen));
    return copy as T;
  }
  if (value instanceof Set) {
    const copy = new Set(value);
    seen.set(value, copy);
    return copy as T;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const v of value) copy.push(deepCopy(v, seen));
    return copy as T;
  }
  const copy = Object.create(Object.getPrototypeOf(value)) as Record<string, unknown>;
  seen.set(value, copy);
  for (const [k, v] of Object.entries(value)) copy[k] = deepCopy(v, seen);
  return copy as T;
}

/** A text that is the same for equal states. Shared references are written where they first occur. */
export function fingerprint(value: unknown): string {
  const seen = new Map<object, number>();
  const write = (v: unknown): string => {
    if (typeof v !== 'object' || v === null) return String(v);
    const known = seen.get(v);
    if (known !== undefined) return `#${known}`;
    seen.set(v, seen.size);
    if (v instanceof Map) return `{${[...v].map(([k, x]) => `${write(k)}:${write(x)}`).join()}}`;
    if (v instanceof Set) return `<${[...v].map(write).sort().join()}>`;
    if (Array.isArray(v)) return `[${v.map(write).join()}]`;
    return `(${Object.values(v).map(write).join()})`;
  };
  return write(value);
}
