import type { TimeUuid, Uuid } from '../../types';
import type { Line, News, NewsMessage } from '../../wire';
import type { ChatHistory } from '../history';
import type { Moment } from '../moment';
import type { Sent } from '../run';
import { Reading } from './reading';

/** Milliseconds that a renewal's number may stay above ours before a new run starts (rule 5). */
const BEHIND_LIMIT = 2_000;

/** Rules 1, 2 and 5: base lines begin runs, and within a run news is taken in sequence. */
export abstract class Runs extends Reading {
  /** The mailbox document that was seen last. */
  protected mailbox: News | null = null;

  /** Rule 1: a base line begins a run; nothing is caught up, and all heads are asked for. */
  protected baseLine(line: Line): void {
    this.run.begin(line);
    this.wantsHeads = true;
    this.headsBackoff.succeeded();
    if (this.headsRequest !== null) this.pending.delete(this.headsRequest);
    this.headsRequest = null;
    this.emit({ do: 'noteMissedReads' });
    this.noteChats();
    const doc = this.mailbox;
    if (doc && doc.epoch === line.epoch && doc.seq > line.seq && doc.first <= line.seq + 1) this.takeNews(doc, new Set());
  }

  /** `ready` after `Last-Event-ID` of this very epoch: the replay follows, and its numbers count, not this one. */
  protected continued(_line: Line): void {}

  /**
   * A base line too. After a `Last-Event-ID` of another epoch the server says `ready` and `resync` of one line: a run that began with
   * that very line on this stream, and has taken nothing since, asks for its heads once. Nothing can be missing from it: what has a
   * number up to the line's was in the history before `ready`, and so before the heads were asked for.
   */
  protected resync(line: Line): void {
    const { run, link } = this;
    const begun = link.begunRun === run.number && line.epoch === run.epoch && line.seq === run.base && run.mine === run.base;
    if (!begun) this.baseLine(line);
  }

  /** Rule 5 and Servers 8: a renewal's answer tells of other epochs, and of news that never came. */
  protected leased(line: Line, sent: Sent, m: Moment): void {
    const run = this.run;
    if (run.epoch === null) this.baseLine(line);
    else if (line.epoch !== run.epoch) {
      if (sent.run === run.number) this.baseLine(line);
      else this.attention.renewNow(m); // asked before the base line: older than what we know
    } else if (line.seq > run.mine && !run.behind) run.behind = { ...line, until: m.now + BEHIND_LIMIT };
  }

  /** A gap, or another epoch on a stream: a base line is needed. */
  protected breakNews(m: Moment): void {
    this.run.end();
    this.noteChats();
    if (this.channel === 'firestore') return this.attention.renewNow(m);
    if (this.link.conn !== null) this.emit({ do: 'closeStream', conn: this.link.conn });
    this.link.reset(m);
  }

  protected receive(news: News, m: Moment): void {
    const fresh = new Set<TimeUuid>();
    for (const entry of news.news) for (const message of entry.messages) if (this.heard(message)) fresh.add(message.id);
    for (const read of news.reads) this.emit({ do: 'noteRead', read });
    if (this.run.epoch === null) return;
    // A mailbox may be stale: it is merged, and the answer to a renewal decides.
    if (this.isForeign(news)) return this.channel === 'firestore' ? this.attention.renewNow(m) : this.breakNews(m);
    if (this.leavesGap(news)) return this.breakNews(m);
    this.takeNews(news, fresh);
  }

  protected isForeign(news: News): boolean {
    return news.epoch !== this.run.epoch;
  }

  protected leavesGap(news: News): boolean {
    return news.first > this.run.mine + 1;
  }

  /** Rule 2: what is above our own number is taken in sequence. */
  protected takeNews(news: News, fresh: ReadonlySet<TimeUuid>): void {
    const run = this.run;
    for (const entry of news.news) {
      if (entry.seq <= run.mine) continue;
      for (const message of entry.messages) {
        this.takeInSequence(message);
        if (fresh.has(message.id) && message.sender_id !== this.me) this.emit({ do: 'announce', message: { ...message, text: message.text ?? '' } });
      }
    }
    run.mine = Math.max(run.mine, news.seq);
    if (run.behind && run.mine >= run.behind.seq) run.behind = null;
  }

  /** Rule 3: in-sequence news moves the cursor of a chat that is caught up in this run; a stub whose text is not held never does. */
  protected takeInSequence(message: NewsMessage): void {
    const chatId = message.chat_id;
    const chat = this.chat(chatId);
    if (this.isStub(message, chat)) {
      this.run.breakChat(chatId, this.requests);
      this.noteChat(chatId);
      if (chat.cursor !== null) this.wantRead(chatId);
      return;
    }
    this.run.took(chatId, message.id);
    if (chat.cursor !== null) this.newsAdvances(chatId, chat, message.id);
    else if (chat.shedUnopened()) this.run.inSequence.delete(chatId);
  }

  protected isStub(message: NewsMessage, chat: ChatHistory): boolean {
    return message.fetch === true && !chat.held.has(message.id);
  }

  protected newsAdvances(chatId: Uuid, chat: ChatHistory, id: TimeUuid): void {
    if (this.run.caughtUp.has(chatId)) {
      chat.advance(id);
      this.noteChat(chatId);
    } else this.wantRead(chatId);
  }
}
