/** The server counts Unicode scalars, not UTF-16 units: an emoji is one to it and two to `length`. */
export function countScalars(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The longest message the server takes, in Unicode scalars. */
export const messageLimit = 4000;
/** From here on the composer shows how much room is left. */
export const counterFrom = 3600;
