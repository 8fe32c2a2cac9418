import type { MailboxEnd } from '../machine/mailboxLink';
import type { Mailbox } from '../transport/mailbox';
import { parseMailbox, type News } from '../wire';

export interface MailboxesParts {
  readonly mailbox: Mailbox;
  readonly onDocument: (conn: number, news: News | null) => void;
  readonly onCutOff: (conn: number) => void;
  readonly onEnd: (conn: number, end: MailboxEnd) => void;
}

/** Listeners by number; there is one at a time. */
export class Mailboxes {
  private readonly open = new Map<number, () => void>();

  constructor(private readonly parts: MailboxesParts) {}

  start(conn: number): void {
    const { mailbox, onDocument, onCutOff, onEnd } = this.parts;
    const stop = mailbox.listen({
      onDocument: (fields) => onDocument(conn, fields === null ? null : parseMailbox(fields)),
      onCutOff: () => onCutOff(conn),
      onEnd: (end) => {
        this.open.delete(conn);
        onEnd(conn, end);
      },
    });
    this.open.set(conn, stop);
  }

  close(conn: number): void {
    this.open.get(conn)?.();
    this.open.delete(conn);
  }

  closeAll(): void {
    for (const conn of [...this.open.keys()]) this.close(conn);
    this.parts.mailbox.close();
  }
}
