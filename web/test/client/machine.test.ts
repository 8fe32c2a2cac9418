// @vitest-environment node
import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/client/machine/action';
import { Attention } from '../../src/client/machine/attention';
import { backoffDelay } from '../../src/client/machine/backoff';
import { DeliveryMachine } from '../../src/client/machine/delivery';
import { ChatHistory } from '../../src/client/machine/history';
import { keep } from '../../src/client/machine/keep';
import { Outbox, type OutboxEntry } from '../../src/client/machine/outbox';
import { ReadMarks } from '../../src/client/machine/readMarks';
import { StreamLink } from '../../src/client/machine/streamLink';
import { BEFORE_EVERYTHING } from '../../src/client/ids';
import type { Message } from '../../src/client/types';
import type { News } from '../../src/client/wire';
import { idOf } from './model/ids';

const at = (now: number, jitter = 0) => ({ now, jitter });
const message = (n: number, more: Partial<Message> = {}): Message => ({ id: idOf(n), chat_id: 'x', sender_id: 'bob', kind: 'text', text: `t${n}`, sent_at: '', key: null, ...more });
const news = (seq: number, messages: Message[], epoch = 'e1'): News => ({ epoch, first: seq, seq, news: [{ seq, chat_id: 'x', messages }], reads: [] });
const entry = (key: string, chatId = 'x'): OutboxEntry => ({ key, chatId, text: key, at: 0, problem: null });
const does = (actions: readonly Action[], ...kinds: Action['do'][]) => actions.filter((a) => kinds.includes(a.do));
const requestOf = (actions: readonly Action[], kind: Action['do']) => {
  const found = actions.find((a) => a.do === kind);
  return found && 'request' in found ? found.request : -1;
};
const unavailable = { problem: { code: 'unavailable', status: 503, detail: '' }, again: true };

/** A machine with a live stream and chat x caught up at message 1. */
function liveMachine() {
  const m = new DeliveryMachine('ann');
  const conn = m.start(at(0)).find((a) => a.do === 'openStream');
  if (conn?.do !== 'openStream') throw new Error('no stream');
  const ready = m.streamReady(conn.conn, { epoch: 'e1', seq: 0 }, at(1));
  m.headsAnswered(requestOf(ready, 'getHeads'), [{ chat_id: 'x', last_message_id: idOf(1), unread: 0 }], at(2));
  const opened = m.opened('x', at(3));
  m.pageAnswered(requestOf(opened, 'getLatest'), { messages: [message(1)], next: null }, at(4));
  return { m, conn: conn.conn };
}

describe('the delivery machine', () => {
  it('opens the stream, takes the base line, then asks for heads, in this order', () => {
    const m = new DeliveryMachine('ann');
    expect(does(m.start(at(0)), 'openStream', 'getHeads')).toEqual([{ do: 'openStream', conn: 1, lastEventId: null }]);
    expect(does(m.streamReady(1, { epoch: 'e1', seq: 4 }, at(1)), 'openStream', 'getHeads')).toEqual([{ do: 'getHeads', request: 2 }]);
  });

  it('shows news, moves the cursor and announces it once', () => {
    const { m, conn } = liveMachine();
    const actions = m.streamNews(conn, news(1, [message(2)]), at(5));
    expect(does(actions, 'show', 'announce').map((a) => a.do)).toEqual(['show', 'announce']);
    expect(m.chats.get('x')?.cursor).toBe(idOf(2));
    expect(does(m.streamNews(conn, news(1, [message(2)]), at(6)), 'show', 'announce')).toEqual([]);
  });

  it('does not announce its own messages', () => {
    const { m, conn } = liveMachine();
    expect(does(m.streamNews(conn, news(1, [message(2, { sender_id: 'ann' })]), at(5)), 'announce')).toEqual([]);
  });

  it('resumes with Last-Event-ID, and reopens without it after a gap', () => {
    const { m, conn } = liveMachine();
    m.streamNews(conn, news(1, [message(2)]), at(10_000));
    const ended = m.streamEnded(conn, { how: 'ended' }, at(20_000, 0.5));
    const again = does([...ended, ...m.timePassed(at(20_500))], 'openStream')[0];
    expect(again).toMatchObject({ lastEventId: 'e1:1' });
    const conn2 = again?.do === 'openStream' ? again.conn : 0;
    m.streamReady(conn2, { epoch: 'e1', seq: 3 }, at(20_600));
    expect(m.run.caughtUp.has('x')).toBe(true);
    const gap = m.streamNews(conn2, news(3, [message(4)]), at(20_700));
    expect(does(gap, 'closeStream')).toHaveLength(1);
    expect(does([...gap, ...m.timePassed(at(22_000))], 'openStream')[0]).toMatchObject({ lastEventId: null });
    expect(m.run.caughtUp.has('x')).toBe(false);
  });

  it('catches up once when ready and resync name one base line', () => {
    const { m, conn } = liveMachine();
    const again = does(m.streamEnded(conn, { how: 'ended' }, at(20_000)), 'openStream')[0];
    const next = again?.do === 'openStream' ? again.conn : 0;
    const line = { epoch: 'e2', seq: 4 };
    expect(does(m.streamReady(next, line, at(21_001)), 'getHeads')).toHaveLength(1);
    const { number } = m.run;
    expect(does(m.streamResync(next, line, at(21_002)), 'getHeads')).toEqual([]);
    expect(m.run.number).toBe(number);
    // A later one is a break: something was numbered that did not come. And what is not this stream's beginning is always one.
    expect(does(m.streamResync(next, { epoch: 'e2', seq: 5 }, at(21_003)), 'getHeads')).toHaveLength(1);
    expect(does(m.streamResync(next, { epoch: 'e2', seq: 5 }, at(21_004)), 'getHeads')).toHaveLength(1);
  });

  it('catches up after a resync in an epoch that it continued', () => {
    const { m, conn } = liveMachine();
    const again = does(m.streamEnded(conn, { how: 'ended' }, at(20_000)), 'openStream')[0];
    const next = again?.do === 'openStream' ? again.conn : 0;
    expect(does(m.streamReady(next, { epoch: 'e1', seq: 9 }, at(21_001)), 'getHeads')).toEqual([]);
    expect(does(m.streamResync(next, { epoch: 'e1', seq: 9 }, at(21_002)), 'getHeads')).toHaveLength(1);
  });

  it('goes quiet when another stream of its device replaces its own, until somebody attends to it', () => {
    const { m, conn } = liveMachine();
    const ended = m.streamEnded(conn, { how: 'replaced' }, at(20_000));
    expect(does(ended, 'noteConnection')).toEqual([{ do: 'noteConnection', state: 'replaced' }]);
    expect(does(m.timePassed(at(3_600_000)), 'openStream')).toEqual([]);
    expect(does(m.attended(at(3_600_001)), 'openStream')).toMatchObject([{ lastEventId: 'e1:0' }]);
    // Attending to a stream that is there does nothing.
    expect(m.attended(at(3_600_002))).toEqual([]);
  });

  it('takes the stream back when its user writes or comes back to it', () => {
    const quiet = () => {
      const { m, conn } = liveMachine();
      m.looked(true, ['x'], at(5));
      m.looked(false, [], at(6));
      m.streamEnded(conn, { how: 'replaced' }, at(20_000));
      return m;
    };
    expect(does(quiet().sent(entry('k'), at(30_000)), 'openStream')).toHaveLength(1);
    expect(does(quiet().looked(true, ['x'], at(30_000)), 'openStream')).toHaveLength(1);
    expect(does(quiet().looked(false, [], at(30_000)), 'openStream')).toEqual([]);
  });

  it('ignores what an earlier stream says', () => {
    const { m, conn } = liveMachine();
    m.streamEnded(conn, { how: 'ended' }, at(20_000));
    expect(m.streamNews(conn, news(1, [message(2)]), at(20_001))).toEqual([]);
    expect(m.streamReady(conn, { epoch: 'e9', seq: 0 }, at(20_001))).toEqual([]);
  });

  it('opens the stream anew, with Last-Event-ID, when the network is back', () => {
    const { m, conn } = liveMachine();
    m.networkChanged(false, at(10_000));
    const actions = m.networkChanged(true, at(11_000));
    expect(does(actions, 'closeStream', 'openStream')).toMatchObject([{ conn }, { lastEventId: 'e1:0' }]);
  });

  it('ignores answers to requests that it does not know', () => {
    const { m } = liveMachine();
    expect(m.headsAnswered(999, [], at(5))).toEqual([]);
    expect(m.pageAnswered(999, { messages: [message(9)], next: null }, at(5))).toEqual([]);
    expect(m.failed(999, unavailable, at(5))).toEqual([]);
  });

  it('leaves no timer behind when a stale answer is the first thing after a sleep', () => {
    const { m, conn } = liveMachine();
    const old = requestOf(m.streamResync(conn, { epoch: 'e1', seq: 1 }, at(10)), 'getHeads');
    m.streamResync(conn, { epoch: 'e1', seq: 2 }, at(20));
    m.streamEnded(conn, { how: 'bye' }, at(20_000));
    const woken = m.headsAnswered(old, [], at(9_000_000));
    expect(does(woken, 'openStream')).toHaveLength(1);
  });

  it('keeps the text of its own long message', () => {
    const { m, conn } = liveMachine();
    m.sent(entry('k'), at(5));
    const stub = { ...message(2, { sender_id: 'ann', key: 'k' }), text: undefined, fetch: true } as unknown as Message;
    const actions = m.streamNews(conn, news(1, [stub]), at(6));
    expect(does(actions, 'show')).toMatchObject([{ message: { text: 'k' } }]);
    expect(m.outbox.entries.size).toBe(0);
  });

  it("takes the history's word on the id of its own message", () => {
    const { m, conn } = liveMachine();
    const sent = m.sent(entry('k'), at(5));
    m.sendAnswered(requestOf(sent, 'post'), message(3, { sender_id: 'ann', key: 'k' }), at(6));
    const actions = m.streamNews(conn, news(1, [message(2, { sender_id: 'ann', key: 'k' })]), at(7));
    expect(does(actions, 'hide', 'show').map((a) => a.do)).toEqual(['hide', 'show']);
    expect([...(m.chats.get('x')?.held.keys() ?? [])]).toEqual([idOf(1), idOf(2)]);
  });

  it('pauses after failures and tries again by itself', () => {
    const m = new DeliveryMachine('ann');
    m.start(at(0));
    const heads = requestOf(m.streamReady(1, { epoch: 'e1', seq: 0 }, at(1)), 'getHeads');
    expect(does(m.failed(heads, unavailable, at(2)), 'getHeads')).toEqual([]);
    const wake = m.wakeAt(2);
    expect(wake).toBeGreaterThan(2);
    expect(does(m.timePassed(at(wake)), 'getHeads')).toHaveLength(1);
  });

  it('bounds what it keeps of a chat that nobody opened', () => {
    const { m, conn } = liveMachine();
    for (let i = 1; i <= 200; i++) m.streamNews(conn, { ...news(i, [message(i, { chat_id: 'y' })]) }, at(5));
    expect(m.chats.get('y')?.held.size).toBeLessThanOrEqual(50);
  });

});

describe('the mailbox channel', () => {
  const granted = { epoch: 'e1', seq: 0, expires_in: 60, channel: 'firestore' } as const;
  const refused = { epoch: null, seq: 0, expires_in: 3_600, channel: 'stream' } as const;
  const connOf = (actions: readonly Action[], kind: 'listenToMailbox' | 'openStream') => {
    const found = actions.find((a) => a.do === kind);
    return found && 'conn' in found ? found.conn : -1;
  };
  const done = (actions: readonly Action[]) => actions.map((a) => a.do).filter((d) => !d.startsWith('note'));
  /** Somebody looks, the listener has shown that there is no document, the lease is taken. */
  function attached() {
    const m = new DeliveryMachine('ann', 'firestore');
    m.looked(true, ['x'], at(0));
    const begun = m.start(at(0));
    const conn = connOf(begun, 'listenToMailbox');
    m.mailboxChanged(conn, null, at(1));
    const leased = m.leaseAnswered(requestOf(begun, 'putAttention'), granted, at(2));
    return { m, conn, leased };
  }
  /** The machine is woken when it asks to be, until `until` or until it asks for a mailbox lease; what it did. Its stream is attended to. */
  function pass(m: DeliveryMachine, from: number, until: number): Action[] {
    const actions: Action[] = [];
    for (let now = m.wakeAt(from); now <= until; now = m.wakeAt(now)) {
      const woken = m.timePassed(at(now));
      actions.push(...woken);
      for (const put of woken) {
        if (put.do !== 'putAttention') continue;
        if (put.channel === 'firestore') return actions;
        actions.push(...m.leaseAnswered(put.request, { ...granted, epoch: m.run.epoch, channel: 'stream' }, at(now)));
      }
    }
    return actions;
  }
  /** The stream that was asked for opens; what is viewed is told on it. */
  function streamOpens(m: DeliveryMachine, asked: readonly Action[], epoch: string, now: number): void {
    const put = requestOf(m.streamReady(connOf(asked, 'openStream'), { epoch, seq: 0 }, at(now)), 'putAttention');
    m.leaseAnswered(put, { ...granted, epoch, channel: 'stream' }, at(now));
  }
  const leaseOf = (actions: readonly Action[]) => {
    const found = actions.find((a) => a.do === 'putAttention' && a.channel === 'firestore');
    return found && 'request' in found ? found.request : -1;
  };

  it('listens and leases at once, then catches up', () => {
    const m = new DeliveryMachine('ann', 'firestore');
    m.looked(true, ['x'], at(0));
    const begun = m.start(at(0));
    expect(done(begun)).toEqual(['listenToMailbox', 'putAttention']);
    expect(does(m.leaseAnswered(requestOf(begun, 'putAttention'), granted, at(1)), 'noteConnection', 'getHeads').map((a) => a.do)).toEqual(['getHeads']);
    expect(does(m.mailboxChanged(connOf(begun, 'listenToMailbox'), null, at(2)), 'noteConnection')).toEqual([{ do: 'noteConnection', state: 'live' }]);
  });

  it('does nothing on a page that was never shown', () => {
    const m = new DeliveryMachine('ann', 'firestore');
    expect(done([...m.start(at(0)), ...pass(m, 0, 3_600_000)])).toEqual([]);
  });

  it('drops the lease and the listener when the page hides, and takes both at once when it shows', () => {
    const { m, conn } = attached();
    expect(done(m.looked(false, [], at(5_000)))).toEqual(['deleteAttention', 'leaveMailbox']);
    expect(done(pass(m, 5_000, 3_600_000))).toEqual([]);
    expect(m.mailboxChanged(conn, news(1, [message(2)]), at(6_000))).toEqual([]);
    expect(done(m.looked(true, ['x'], at(9_000)))).toEqual(['listenToMailbox', 'putAttention']);
  });

  it('does not believe in a lease that it gave up while asking for it', () => {
    const m = new DeliveryMachine('ann', 'firestore');
    m.looked(true, [], at(0));
    const first = requestOf(m.start(at(0)), 'putAttention');
    m.looked(false, [], at(100));
    // The answer says that the lease may have been taken after it was given up.
    expect(done(m.leaseAnswered(first, granted, at(200)))).toEqual(['deleteAttention']);
    expect(m.run.epoch).toBeNull();
    const second = requestOf([...m.looked(true, [], at(300)), ...m.timePassed(at(1_000))], 'putAttention');
    m.looked(false, [], at(1_100));
    const shown = m.looked(true, [], at(1_200));
    expect(done([...shown, ...m.leaseAnswered(second, granted, at(1_300))])).toEqual(['listenToMailbox']);
    expect(m.run.epoch).toBeNull();
    const third = requestOf(m.timePassed(at(2_000)), 'putAttention');
    m.leaseAnswered(third, granted, at(2_100));
    expect(m.run.epoch).toBe('e1');
  });

  it('goes over to the stream when the lease answer says so, and asks again after an hour, or on the next day', () => {
    // 2026-07-01 20:00 and 23:40 in California.
    for (const [begin, wait] of [[Date.UTC(2026, 6, 2, 3), 3_600_000], [Date.UTC(2026, 6, 2, 6, 40), 1_200_000]] as const) {
      const m = new DeliveryMachine('ann', 'firestore');
      m.looked(true, [], at(begin));
      const actions = m.leaseAnswered(requestOf(m.start(at(begin)), 'putAttention'), refused, at(begin + 100));
      expect(done(actions)).toEqual(['leaveMailbox', 'openStream']);
      streamOpens(m, actions, 's1', begin + 200);
      expect(leaseOf(pass(m, begin + 200, begin + wait - 10))).toBe(-1);
      // The lease first: attaching is a billed read. The stream stays until it is granted.
      const tried = pass(m, begin + wait - 10, begin + wait + 30_000);
      expect(does(tried, 'closeStream', 'listenToMailbox')).toEqual([]);
      expect(done(m.leaseAnswered(leaseOf(tried), granted, at(begin + wait + 200)))).toEqual(['closeStream', 'listenToMailbox', 'getHeads']);
      expect(m.run.epoch).toBe('e1');
    }
  });

  it('stays on the stream when it is refused again', () => {
    const m = new DeliveryMachine('ann', 'firestore');
    m.looked(true, [], at(0));
    const actions = m.leaseAnswered(requestOf(m.start(at(0)), 'putAttention'), { ...refused, expires_in: 60 }, at(1));
    streamOpens(m, actions, 's1', 2);
    const answered = m.leaseAnswered(leaseOf(pass(m, 2, 130_000)), refused, at(130_000));
    expect(does(answered, 'closeStream', 'openStream', 'listenToMailbox')).toEqual([]);
    expect(m.run.epoch).toBe('s1');
  });

  it('goes over to the stream when the listener shows nothing in time, and gives the lease up', () => {
    const m = new DeliveryMachine('ann', 'firestore');
    m.looked(true, [], at(0));
    const begun = m.start(at(0));
    m.leaseAnswered(requestOf(begun, 'putAttention'), granted, at(1));
    expect(done(pass(m, 1, 11_999))).toEqual([]);
    expect(done(pass(m, 11_999, 12_000))).toEqual(['leaveMailbox', 'deleteAttention', 'openStream']);
  });

  it('goes over to the stream when it is cut off for long, and not for a moment', () => {
    const { m, conn } = attached();
    m.mailboxCutOff(conn, at(10_000));
    m.mailboxChanged(conn, null, at(15_000));
    expect(does(pass(m, 15_000, 40_000), 'leaveMailbox')).toEqual([]);
    m.mailboxCutOff(conn, at(50_000));
    expect(does(pass(m, 50_000, 56_000), 'leaveMailbox', 'openStream').map((a) => a.do)).toEqual(['leaveMailbox', 'openStream']);
  });

  it('gives a listener that is cut off before it has shown anything no more time than another', () => {
    const m = new DeliveryMachine('ann', 'firestore');
    m.looked(true, [], at(0));
    const begun = m.start(at(0));
    m.leaseAnswered(requestOf(begun, 'putAttention'), granted, at(1));
    m.mailboxCutOff(connOf(begun, 'listenToMailbox'), at(10_000));
    expect(does(pass(m, 10_000, 12_000), 'openStream')).toHaveLength(1);
  });

  it('waits for the network, not for the stream, when the browser says that it is offline', () => {
    const { m, conn } = attached();
    m.mailboxCutOff(conn, at(10_000));
    expect(does(m.networkChanged(false, at(10_001)), 'noteConnection')).toEqual([{ do: 'noteConnection', state: 'offline' }]);
    expect(does(pass(m, 10_001, 90_000), 'leaveMailbox')).toEqual([]);
    m.networkChanged(true, at(100_000));
    m.mailboxChanged(conn, null, at(105_000));
    expect(does(pass(m, 105_000, 120_000), 'leaveMailbox')).toEqual([]);
  });

  it('listens again a while after a failure, and leases only when that works', () => {
    const { m, conn } = attached();
    const failed = m.mailboxEnded(conn, 'failed', at(10_000));
    expect(done(failed)).toEqual(['leaveMailbox', 'deleteAttention', 'openStream']);
    streamOpens(m, failed, 's1', 10_100);
    const tried = pass(m, 10_100, 41_000);
    const again = connOf(tried, 'listenToMailbox');
    expect(does(tried, 'putAttention').filter((a) => a.do === 'putAttention' && a.channel === 'firestore')).toEqual([]);
    const back = m.mailboxChanged(again, news(7, [message(2)], 'old'), at(42_000));
    expect(does(back, 'closeStream', 'show').map((a) => a.do)).toEqual(['closeStream', 'show']);
    // The server may not have noticed yet that Firestore is back: that is no reason to stay away for an hour.
    const unwilling = m.leaseAnswered(leaseOf(back), refused, at(42_100));
    streamOpens(m, unwilling, 's2', 42_200);
    const asked = pass(m, 42_200, 110_000);
    expect(does(asked, 'listenToMailbox')).toEqual([]);
    expect(done(m.leaseAnswered(leaseOf(asked), granted, at(110_000)))).toContain('listenToMailbox');
  });

  it('pauses longer after each failure', () => {
    const { m, conn } = attached();
    const failed = m.mailboxEnded(conn, 'failed', at(10_000));
    streamOpens(m, failed, 's1', 10_100);
    const again = connOf(pass(m, 10_100, 41_000), 'listenToMailbox');
    m.mailboxChanged(again, null, at(42_000));
    const second = m.mailboxEnded(again, 'failed', at(43_000));
    streamOpens(m, second, 's2', 43_100);
    expect(connOf(pass(m, 43_100, 102_000), 'listenToMailbox')).toBe(-1);
    expect(connOf(pass(m, 102_000, 104_000), 'listenToMailbox')).not.toBe(-1);
  });

  it('never tries again where there is no Firebase', () => {
    const m = new DeliveryMachine('ann', 'firestore');
    m.looked(true, [], at(0));
    const ended = m.mailboxEnded(connOf(m.start(at(0)), 'listenToMailbox'), 'unconfigured', at(1));
    streamOpens(m, ended, 's1', 2);
    expect(does(pass(m, 2, 100_000_000), 'listenToMailbox')).toEqual([]);
  });

  it('keeps the stream of a hidden page, and looks for the way back when it is shown', () => {
    const { m, conn } = attached();
    const failed = m.mailboxEnded(conn, 'failed', at(10_000));
    streamOpens(m, failed, 's1', 10_100);
    m.looked(false, [], at(11_000));
    expect(does(pass(m, 11_000, 600_000), 'listenToMailbox', 'closeStream')).toEqual([]);
    expect(done(m.looked(true, [], at(600_000)))).toContain('listenToMailbox');
  });

  it('asks where it stands when the document is of another epoch, as a restarted server writes it', () => {
    const { m, conn } = attached();
    expect(done(m.mailboxChanged(conn, { epoch: 'e2', first: 1, seq: 0, news: [], reads: [] }, at(20_000)))).toEqual(['putAttention']);
  });

  it('sends a chat to its history when a stub may stand for more than what is held', () => {
    const { m, conn, leased } = attached();
    m.headsAnswered(requestOf(leased, 'getHeads'), [{ chat_id: 'x', last_message_id: idOf(1), unread: 0 }], at(3));
    m.pageAnswered(requestOf(m.opened('x', at(4)), 'getLatest'), { messages: [message(1)], next: null }, at(5));
    // Message 3 is known from its 201, message 2 is not.
    m.sent(entry('k'), at(6));
    const own = message(3, { sender_id: 'ann', key: 'k' });
    m.sendAnswered(m.outbox.entries.get('k') ? 5 : -1, own, at(7));
    m.streamNews(0, news(1, []), at(7));
    const { text: _text, ...stub } = own;
    const shown = m.mailboxChanged(conn, { ...news(1, []), news: [{ seq: 1, chat_id: 'x', messages: [{ ...stub, fetch: true }] }] }, at(8));
    expect(does(shown, 'getAfter')).toMatchObject([{ chatId: 'x', after: idOf(1) }]);
    expect(m.chats.get('x')?.cursor).toBe(idOf(1));
  });
});

describe('attention', () => {
  const answer = { epoch: 'e', seq: 0, expires_in: 60, channel: 'stream' } as const;

  it('renews every 25 s while visible, and at most once a second', () => {
    const a = new Attention();
    a.look(true, ['x'], at(0));
    expect(a.shouldAsk('stream', 0)).toBe(true);
    a.asked(1, at(0));
    a.look(true, ['x', 'y'], at(10));
    expect(a.shouldAsk('stream', 2_000)).toBe(false);
    a.answered(answer, at(20));
    expect(a.shouldAsk('stream', 500)).toBe(false);
    expect(a.shouldAsk('stream', 1_000)).toBe(true);
    a.asked(2, at(1_000));
    a.answered(answer, at(1_100));
    expect(a.shouldAsk('stream', 25_999)).toBe(false);
    expect(a.shouldAsk('stream', 26_000)).toBe(true);
  });

  it('views eight chats at most, and nothing when hidden', () => {
    const a = new Attention();
    a.look(true, Array.from({ length: 12 }, (_, i) => `${i}`), at(0));
    expect(a.viewing).toHaveLength(8);
    a.asked(1, at(0));
    a.answered(answer, at(1));
    a.look(false, ['1'], at(2_000));
    expect(a.viewing).toEqual([]);
    expect(a.shouldAsk('stream', 2_000)).toBe(true);
    expect(a.shouldAsk('firestore', 2_000)).toBe(false);
  });

  it('asks again after a second when nobody answered for the owner', () => {
    const a = new Attention();
    a.look(true, [], at(0));
    a.asked(1, at(0));
    a.answered({ ...answer, epoch: null }, at(2_000));
    expect(a.wakeAt('firestore')).toBe(3_000);
  });
});

describe('the outbox', () => {
  it('sends one at a time in a chat, in order, and chats beside each other', () => {
    const o = new Outbox();
    for (const e of [entry('1'), entry('2'), entry('3', 'y')]) o.add(e);
    expect(o.due(0).map((e) => e.key)).toEqual(['1', '3']);
    o.posted('1', 1);
    o.posted('3', 2);
    expect(o.due(0)).toEqual([]);
    o.settle('1');
    expect(o.due(0).map((e) => e.key)).toEqual(['2']);
  });

  it('pauses longer after each failure, and not at all once the network is back', () => {
    const o = new Outbox();
    o.add(entry('1'));
    o.failed('1', at(0));
    expect(o.due(499)).toEqual([]);
    o.failed('1', at(1_000));
    expect(o.wakeAt()).toBe(2_000);
    o.hurry();
    expect(o.due(1_000)).toHaveLength(1);
    o.failed('1', at(1_000), 60);
    o.hurry();
    expect(o.wakeAt()).toBe(61_000);
  });

  it('lets the next one pass when one is refused', () => {
    const o = new Outbox();
    o.add(entry('1'));
    o.add(entry('2'));
    o.refused('1', { code: 'key_reused', status: 409, detail: '' });
    expect(o.due(0).map((e) => e.key)).toEqual(['2']);
    expect(o.retry('1')).toBe(true);
    expect(o.due(0).map((e) => e.key)).toEqual(['1']);
  });
});

describe('the stream link', () => {
  it('backs off up to 30 s, half of it jitter', () => {
    expect([1, 2, 3, 9].map((n) => backoffDelay(n, 0))).toEqual([500, 1_000, 2_000, 15_000]);
    expect(backoffDelay(9, 0.999)).toBeCloseTo(29_985, 0);
  });

  it('is back at once after a good life, and quietly', () => {
    const link = new StreamLink();
    link.opening(1, null);
    link.ready(at(0));
    link.ended({ how: 'ended' }, at(60_000, 0.5));
    expect(link.state(true, 60_000)).toBe('live');
    expect(link.shouldOpen(60_150)).toBe(true);
    expect(link.state(true, 62_000)).toBe('reconnecting');
  });

  it('does not spin when streams die as soon as they open', () => {
    const link = new StreamLink();
    let now = 0;
    for (let i = 1; i <= 8; i++) {
      link.opening(i, null);
      link.ready(at(now));
      link.ended({ how: 'ended' }, at(now));
      while (!link.shouldOpen(now)) now += 100;
    }
    expect(now).toBeGreaterThan(30_000);
  });

  it('waits as long as the server asked for, and with jitter after a bye', () => {
    const link = new StreamLink();
    link.opening(1, null);
    link.ended({ how: 'failed', silent: false, retryAfter: 20 }, at(0));
    expect(link.shouldOpen(19_999)).toBe(false);
    link.opening(2, null);
    link.ready(at(20_000));
    link.ended({ how: 'bye' }, at(60_000, 0.999));
    expect(link.shouldOpen(62_000)).toBe(false);
    expect(link.shouldOpen(63_000)).toBe(true);
  });

  it('puts one replacement down to an attempt of its own that was given up without an answer', () => {
    const link = new StreamLink();
    link.opening(1, null);
    link.ended({ how: 'failed', silent: true }, at(0));
    for (const [conn, quiet] of [[2, false], [3, true]] as const) {
      link.opening(conn, null);
      link.ready(at(1_000));
      link.ended({ how: 'replaced' }, at(9_000));
      expect(link.shouldOpen(60_000)).toBe(!quiet);
    }
    link.attended(at(90_000));
    expect(link.shouldOpen(90_000)).toBe(true);
  });

  it('is offline when the browser says so, or nothing answers three times', () => {
    const link = new StreamLink();
    expect(link.state(true, 0)).toBe('connecting');
    expect(link.state(false, 0)).toBe('offline');
    for (let i = 1; i <= 3; i++) {
      link.opening(i, null);
      link.ended({ how: 'failed', silent: true }, at(i * 60_000));
    }
    expect(link.state(true, 200_000)).toBe('offline');
  });
});

describe('read marks', () => {
  it('are sent once a second a chat, the latest of them', () => {
    const r = new ReadMarks();
    r.mark('x', idOf(1));
    expect(r.due(at(0))).toEqual([{ chatId: 'x', id: idOf(1) }]);
    r.mark('x', idOf(3));
    r.mark('x', idOf(2));
    r.answered('x');
    expect(r.due(at(500))).toEqual([]);
    expect(r.wakeAt()).toBe(1_000);
    expect(r.due(at(1_000))).toEqual([{ chatId: 'x', id: idOf(3) }]);
    r.failed('x', true, at(1_100));
    expect(r.due(at(3_000))).toEqual([{ chatId: 'x', id: idOf(3) }]);
    r.failed('x', false, at(3_100));
    expect(r.wakeAt()).toBe(Infinity);
  });
});

describe('what is kept of a chat', () => {
  function history(from: number, to: number, cursor: number): ChatHistory {
    const h = new ChatHistory();
    for (let i = from; i <= to; i++) h.merge(message(i), 'page');
    h.cursor = idOf(cursor);
    h.oldest = from === 1 ? BEFORE_EVERYTHING : idOf(from);
    return h;
  }

  it('is its newest messages, and claims no more than they are', () => {
    expect(keep(history(1, 5, 5), 10)).toMatchObject({ cursor: idOf(5), oldest: BEFORE_EVERYTHING });
    const kept = keep(history(1, 9, 9), 3);
    expect(kept).toMatchObject({ cursor: idOf(9), oldest: idOf(7) });
    expect(kept?.messages.map((m) => m.id)).toEqual([7, 8, 9].map(idOf));
  });

  it('does not claim what a stale mailbox has put below the oldest page-read message', () => {
    const h = history(8, 9, 9);
    h.merge(message(3), 'news');
    expect(keep(h, 2)).toMatchObject({ oldest: idOf(8) });
    expect(keep(h, 9)?.messages.map((m) => m.id)).toEqual([8, 9].map(idOf));
  });

  it('is nothing without a cursor, or when what is above the cursor fills it', () => {
    expect(keep(new ChatHistory(), 3)).toBeNull();
    expect(keep(history(1, 9, 4), 3)).toBeNull();
  });
});
