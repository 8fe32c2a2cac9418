/** One event of a `text/event-stream`. */
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
}

/** Longer events (UTF-16 units) are a fault; nothing of ours comes near. */
const LIMIT = 4 * 1024 * 1024;

/**
 * Incremental parser: bytes in, events out, wherever the chunks are cut: in a UTF-8 sequence, between CR and LF, in a field's name.
 * Comments are heartbeats: they end up as no event. Throws if an event does not end within 4 Mi characters.
 */
export class EventStreamParser {
  private readonly decoder = new TextDecoder('utf-8');
  private rest = '';
  private afterCr = false;
  private event = '';
  private data: string[] = [];
  private id: string | null = null;

  push(chunk: Uint8Array): ServerEvent[] {
    const decoded = this.decoder.decode(chunk, { stream: true });
    const found: ServerEvent[] = [];
    // The LF of a CR LF that was cut in two ends no second line.
    const text = this.afterCr && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    if (decoded !== '') this.afterCr = decoded.endsWith('\r');
    const lines = (this.rest + text).split(/\r\n|\r|\n/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.line(line, found);
    if (this.rest.length + this.data.reduce((sum, d) => sum + d.length, 0) > LIMIT) throw new Error('an event without end');
    return found;
  }

  private line(line: string, found: ServerEvent[]): void {
    if (line === '') {
      if (this.data.length > 0) found.push({ event: this.event || 'message', data: this.data.join('\n'), id: this.id });
      this.event = '';
      this.data = [];
      return;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? '' : line.slice(colon + 1);
    const value = raw.startsWith(' ') ? raw.slice(1) : raw;
    if (field === 'event') this.event = value;
    else if (field === 'data') this.data.push(value);
    else if (field === 'id' && !value.includes('\0')) this.id = value;
  }
}
