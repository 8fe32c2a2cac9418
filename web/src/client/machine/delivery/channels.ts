import type { ChannelKind, LeaseAnswer, News } from '../../wire';
import type { MailboxEnd } from '../mailboxLink';
import type { Moment } from '../moment';
import type { Sent } from '../run';
import { Runs } from './runs';

/**
 * Which channel serves: the mailbox while somebody looks and Firestore works, else the event stream. A page on the mailbox that hides
 * has no channel at all: nothing is written for it. A page on the stream keeps it, and looks for a way back to the mailbox while visible.
 */
export abstract class Channels extends Runs {
  protected online = true;
  /** The last request before the page was hidden: its lease, and those before it, were given up. */
  private givenUp = 0;
  /** Has there ever been a live channel? */
  protected wasLive = false;

  /** Is there, or may there be, a lease that has documents written for this device? */
  get holdsMailboxLease(): boolean {
    return this.attention.visible && (this.channel === 'firestore' || this.box.asking);
  }

  protected hidden(): void {
    const { box } = this;
    if (this.channel === 'firestore' || box.asking) {
      this.givenUp = this.requests;
      this.emit({ do: 'deleteAttention' });
    }
    box.asking = false;
    this.detach();
    if (this.channel === 'firestore') this.endRun();
  }

  protected tendMailbox(m: Moment): void {
    const { box } = this;
    if (!this.attention.visible) return;
    if (this.online && box.isSilent(m.now)) this.mailboxEnds('failed', m);
    if (this.channel === 'firestore') {
      if (box.conn === null) this.listen(m);
    } else if (this.online) {
      const due = box.due(m.now);
      if (due === 'listen') this.listen(m);
      else if (due === 'lease' && this.attention.isFree(m.now)) {
        box.asking = true;
        this.putAttention('firestore', m);
      }
    }
  }

  protected putAttention(channel: ChannelKind, m: Moment): void {
    const request = this.request({ kind: 'attention', channel });
    this.attention.asked(request, m);
    this.emit({ do: 'putAttention', request, channel, viewing: this.attention.viewing });
  }

  /** The document as it stands on the server; null when there is none, or none that can be understood. */
  protected mailboxShown(news: News | null, m: Moment): void {
    this.box.shown(m);
    if (this.channel === 'stream') {
      this.toMailbox(m);
      this.attention.renewNow(m);
    }
    if (!news) return;
    this.mailbox = news;
    this.receive(news, m);
  }

  protected mailboxEnds(end: MailboxEnd, m: Moment): void {
    const { box } = this;
    if (box.conn !== null) this.emit({ do: 'leaveMailbox', conn: box.conn });
    box.ended(end, m);
    if (this.channel === 'stream') return;
    if (this.attention.visible) {
      this.givenUp = this.requests;
      this.emit({ do: 'deleteAttention' });
    }
    this.toStream(m);
  }

  protected mailboxLeaseAnswered(answer: LeaseAnswer, sent: Sent, m: Moment): void {
    const { box } = this;
    box.asking = false;
    if (answer.channel !== 'firestore') {
      if (box.conn !== null) this.emit({ do: 'leaveMailbox', conn: box.conn });
      box.refused(answer.expires_in, m);
      if (this.channel === 'firestore') this.toStream(m);
    } else if (!this.attention.visible || (this.channel === 'stream' && sent.no <= this.givenUp)) {
      // Given up while it was asked for; the word of that may have come before it.
      this.emit({ do: 'deleteAttention' });
    } else if (sent.no > this.givenUp) {
      if (this.channel === 'stream') this.toMailbox(m);
      if (answer.epoch !== null) this.leased({ epoch: answer.epoch, seq: answer.seq }, sent, m);
    }
  }

  private listen(m: Moment): void {
    const conn = ++this.requests;
    this.box.listening(conn, m);
    this.emit({ do: 'listenToMailbox', conn });
  }

  private detach(): void {
    if (this.box.conn !== null) this.emit({ do: 'leaveMailbox', conn: this.box.conn });
    this.box.left();
  }

  private toStream(m: Moment): void {
    this.channel = 'stream';
    this.link.takeOver(this.wasLive, m);
    this.endRun();
  }

  private toMailbox(m: Moment): void {
    if (this.link.conn !== null) this.emit({ do: 'closeStream', conn: this.link.conn });
    this.wasLive ||= this.link.wasOpen;
    this.link.leave(m);
    this.channel = 'firestore';
    this.endRun();
  }

  private endRun(): void {
    this.mailbox = null;
    this.run.end();
    this.noteChats();
  }

}
