// Finds web addresses in a message. Only http and https ever become links: whatever else a message holds stays text.

export type Piece = { text: string; href?: string };

const candidate = /(?:https?:\/\/|www\.)[^\s<>"“”«»`]+/giu;
const trailing = /[.,;:!?'’)\]}…*_~]/u;
const openers: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(candidate)) {
    const start = match.index;
    // "foohttp://x" is a word with a colon in it, not an address.
    if (start > 0 && /[\p{L}\p{N}_@]/u.test(text[start - 1]!)) continue;
    const address = withoutTrailing(match[0]);
    const href = safeHref(address);
    if (!href) continue;
    if (start > end) pieces.push({ text: text.slice(end, start) });
    pieces.push({ text: address, href });
    end = start + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** Punctuation that ends a sentence is not part of the address; a closing bracket is, if it was opened inside. */
function withoutTrailing(address: string): string {
  // How many more of each bracket close than open; counted once, so that a long row of them costs no more than its length.
  const surplus = new Map<string, number>();
  for (const character of address) {
    const opener = openers[character];
    if (opener) surplus.set(opener, (surplus.get(opener) ?? 0) + 1);
    else if ('([{'.includes(character)) surplus.set(character, (surplus.get(character) ?? 0) - 1);
  }
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1]!;
    if (!trailing.test(last)) break;
    const opener = openers[last];
    if (!opener) continue;
    const left = surplus.get(opener) ?? 0;
    if (left <= 0) break;
    surplus.set(opener, left - 1);
  }
  return address.slice(0, end);
}

function safeHref(address: string): string | null {
  try {
    const url = new URL(/^www\./i.test(address) ? `https://${address}` : address);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
    // A username before the host serves only to make one host look like another.
    if (url.username || url.password || !url.hostname.includes('.') && url.hostname !== 'localhost') return null;
    return url.href;
  } catch {
    return null;
  }
}
