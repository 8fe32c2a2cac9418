// What each step of a schedule does.
import type { Device, Request } from './device';
import type { PushState, Stream } from './push';
import type { Step, World } from './world';

function found<T>(value: T | undefined | null, step: Step): T {
  if (value === undefined || value === null) throw new Error(`cannot ${step.join(' ')}`);
  return value;
}

export function perform(w: World, step: Step): void {
  const [name, a, b] = step;
  const request = (): Request => found(w.requests.find((r) => r.no === a), step);
  const device = (): Device => w.device(a);
  const stream = (): Stream => found(device().stream, step);
  const state = (): PushState => found(w.server.push[Number(a)], step);
  const chatId = String(b);
  switch (name) {
    // network
    case 'process':
      w.process(request());
      break;
    case 'answer':
      w.answer(request());
      break;
    case 'fail':
      w.fail(request());
      break;
    case 'vanish':
      w.forget(request());
      break;
    // server
    case 'commit':
      w.commit(Number(a));
      break;
    case 'handOver':
      w.server.handOver(w.now);
      break;
    case 'flush':
      w.server.flush(state());
      break;
    case 'attempt':
      w.server.attempt(state());
      break;
    case 'land':
      w.server.land(found(w.server.writes[Number(a)], step));
      break;
    case 'acknowledge':
      w.server.settleAttempt(state(), false);
      break;
    case 'giveUpAttempt':
      w.server.settleAttempt(state(), true);
      break;
    case 'crash':
      w.server.crash(w.now);
      for (const { request: r } of w.queue) if (r) r.state = 'lost';
      w.queue = [];
      break;
    case 'spend':
    case 'newDay':
      w.server.spent = name === 'spend';
      break;
    case 'tick':
      w.now += Number(a) * 1_000;
      break;
    case 'bobSends': {
      const key = `bob ${++w.sends}`;
      w.queue.push({ send: { user: 'bob', device: 'b', chatId: String(a), key, text: key }, request: null });
      break;
    }
    // streams and mailboxes
    case 'deliver':
      w.deliver(device(), stream());
      break;
    case 'cut':
    case 'cutSilently':
      w.server.endStream(stream(), w.now, name === 'cut');
      break;
    case 'leaveStream':
    case 'endSeen':
      w.endSeen(device(), stream());
      break;
    case 'mailbox':
      w.showMailbox(device(), Number(b));
      break;
    // the page and its user
    default:
      onPage(w, device(), name, chatId, step);
  }
  w.check();
}

function onPage(w: World, d: Device, name: string, chatId: string, step: Step): void {
  switch (name) {
    case 'mailboxFails':
      return w.do(d, (x, m) => x.machine.mailboxEnded(x.listening ?? -1, 'failed', m));
    case 'cutOff':
      return w.do(d, (x, m) => x.machine.mailboxCutOff(x.listening ?? -1, m));
    case 'start':
      d.version = Math.max(-1, (w.server.mailboxes.get(d.user)?.length ?? 0) - 3);
      return w.do(d, (x, m) => x.start(m));
    case 'timer':
      return w.do(d, (x, m) => x.machine.timePassed(m));
    case 'hide':
    case 'show':
      d.visible = name === 'show';
      return w.do(d, (x, m) => x.machine.looked(x.visible, x.visible ? [...x.opened] : [], m));
    case 'sleep':
    case 'wake':
      d.awake = name === 'wake';
      return;
    case 'persist':
      return d.persist();
    case 'reload':
      for (const r of w.requests.filter((x) => x.device === d.name)) {
        r.live = false;
        if (r.state !== 'sent' && r.state !== 'queued') w.forget(r);
      }
      return d.reload();
    case 'open':
      return w.do(d, (x, m) => [...x.open(chatId, m), ...(x.visible ? x.machine.looked(true, [...x.opened], m) : [])]);
    case 'close':
      return d.close(chatId);
    case 'older':
      return w.do(d, (x, m) => x.machine.olderWanted(chatId, m));
    case 'send': {
      const key = `${d.name} ${++w.sends}`;
      return w.do(d, (x, m) => x.machine.sent({ key, chatId, text: key, at: w.now, problem: null }, m));
    }
    default:
      throw new Error(`no step ${step.join(' ')}`);
  }
}
