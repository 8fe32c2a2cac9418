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
  let result = address;
  while (result.length > 0) {
    const last = result.at(-1)!;
    if (!trailing.test(last)) break;
    const opener = openers[last];
    if (opener && count(result, opener) >= count(result, last)) break;
    result = result.slice(0, -1);
  }
  return result;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
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
