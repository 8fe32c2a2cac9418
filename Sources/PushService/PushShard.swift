import Aggregation
import ChatDomain
import Synchronization

/// One shard of the recipients: owns an outlet for each channel and carries out what they want. It decides nothing itself.
///
/// All happens on its runner, one thing after another, so a channel is called in order. The locks are for the compiler and for readers of figures:
/// nothing is called while one is held.
final class PushShard: Sendable {
  /// An outlet's actions, and the channel that they are for.
  private struct Work {
    let channel: Int
    let action: PushAction
  }

  private struct Core: Sendable {
    var outlets: [Outlet]
    /// The timer that is set: when, and how to cancel it.
    var wakeAt = Instant.never
    var cancel: (@Sendable () -> Void)?
  }

  let number: Int
  private let shards: Int
  private let runner: any SerialRunner
  private let channels: [any PushChannel]
  private let turn: Int
  private let metrics: PushMetrics
  private let inbox: Mutex<ShardInbox>
  private let core: Mutex<Core>
  /// Recipients who look, on any channel; a reader may see the number from before the events that wait.
  private let recipients = Atomic<Int>(0)
  private let leases = Atomic<Int>(0)

  init(
    number: Int, outlets: [Outlet], channels: [any PushChannel], runner: any SerialRunner, settings: PushSettings,
    metrics: PushMetrics
  ) {
    self.number = number
    shards = settings.shards
    self.runner = runner
    self.channels = channels
    turn = settings.turn
    self.metrics = metrics
    inbox = Mutex(ShardInbox(limit: settings.inboxRecipients, rememberedDrops: settings.rememberedDrops))
    core = Mutex(Core(outlets: outlets))
  }

  var recipientCount: Int { recipients.load(ordering: .relaxed) }
  var leaseCount: Int { leases.load(ordering: .relaxed) }

  /// See `Outlet.takenCount`.
  func takenCount(_ channel: Int) -> UInt64 { core.withLock { $0.outlets[channel].takenCount } }

  /// Takes a delivery; never blocks. While nobody looks at all there is nothing to do: a lease that is still waiting reads history after its answer.
  func deliver(_ event: ShardEvent, to users: [UserID], count: Int) {
    if recipients.load(ordering: .acquiring) == 0 { return }
    let (number, shards) = (number, shards)
    let offer = inbox.withLock { inbox in
      inbox.offer(event, recipients: users, count: count) { PushService.shard(of: $0, of: shards) == number }
    }
    switch offer {
    case .taken(true): run()
    case .taken(false): break
    case .dropped(let mustRun):
      metrics.dropped.add()
      if mustRun { run() }
    }
  }

  func put(_ event: ShardEvent) {
    if inbox.withLock({ $0.put(event) }) { run() }
  }

  private func run() {
    runner.run { [self] in takeTurn() }
  }

  /// One turn: what waits, then what is due, then the timer.
  private func takeTurn() {
    guard let events = inbox.withLock({ $0.take(turn: turn) }) else { return }
    let now = Instant(nanoseconds: Int64(clamping: runner.now))
    var replies: [@Sendable () -> Void] = []
    for event in events {
      let work = change { outlets in process(event, &outlets, now: now, &replies) }
      carryOut(work, now: now)
    }
    carryOut(change { outlets in advance(&outlets, now: now) }, now: now)
    for reply in replies { reply() }
    setTimer()
    // Everything else that runs here has its turn before the next.
    run()
  }

  /// Changes the outlets. Who looks is counted before anybody hears that a lease was taken: from then on a delivery must not be skipped.
  private func change(_ body: (inout [Outlet]) -> [Work]) -> [Work] {
    core.withLock { core in
      let work = body(&core.outlets)
      recipients.store(core.outlets.reduce(0) { $0 + $1.recipientCount }, ordering: .releasing)
      leases.store(core.outlets.reduce(0) { $0 + $1.leaseCount }, ordering: .relaxed)
      return work
    }
  }

  private func carryOut(_ work: [Work], now: Instant) {
    var work = work
    while !work.isEmpty {
      let outcomes = work.compactMap { perform($0) }
      work = outcomes.isEmpty ? [] : change { outlets in settle(outcomes, &outlets, now: now) }
    }
  }

  // MARK: - Timer

  private func setTimer() {
    let (cancel, instant) = core.withLock { core -> ((@Sendable () -> Void)?, Instant?) in
      var next = Instant.never
      for index in core.outlets.indices { next = min(next, core.outlets[index].wakeAt() ?? .never) }
      if next == core.wakeAt { return (nil, nil) }
      defer { core.cancel = nil }
      core.wakeAt = next
      return (core.cancel, next == .never ? nil : next)
    }
    cancel?()
    guard let instant else { return }
    let cancelNew = runner.run(at: UInt64(clamping: instant.nanoseconds)) { [weak self] in self?.timerFired(instant) }
    core.withLock { core in
      if core.wakeAt == instant { core.cancel = cancelNew }
    }
  }

  private func timerFired(_ instant: Instant) {
    let isCurrent = core.withLock { core -> Bool in
      guard core.wakeAt == instant else { return false }
      core.wakeAt = .never
      core.cancel = nil
      return true
    }
    if isCurrent { put(.wake) }
  }

  // MARK: - Events in

  private func process(
    _ event: ShardEvent, _ outlets: inout [Outlet], now: Instant, _ replies: inout [@Sendable () -> Void]
  ) -> [Work] {
    var work: [Work] = []
    for channel in outlets.indices {
      var actions: [PushAction] = []
      apply(event, to: &outlets[channel], channel, now: now, &actions, &replies)
      for action in actions { work.append(Work(channel: channel, action: action)) }
    }
    if case .finish(let answer) = event { replies.append(answer) }
    return work
  }

  /// Lets the outlets publish what is due.
  private func advance(_ outlets: inout [Outlet], now: Instant) -> [Work] {
    var work: [Work] = []
    for channel in outlets.indices {
      var actions: [PushAction] = []
      outlets[channel].advance(now: now, &actions)
      for action in actions { work.append(Work(channel: channel, action: action)) }
    }
    return work
  }

  private func apply(
    _ event: ShardEvent, to outlet: inout Outlet, _ channel: Int, now: Instant, _ actions: inout [PushAction],
    _ replies: inout [@Sendable () -> Void]
  ) {
    switch event {
    case .message(let item, let users):
      for user in users where isOurs(user) { outlet.deliver(item, to: user, now: now, &actions) }
    case .receipt(let mark, let users):
      for user in users where isOurs(user) { outlet.deliver(mark, to: user, now: now, &actions) }
    case .dropped(let users?): outlet.dropped(users, now: now, &actions)
    case .dropped(nil): outlet.droppedForAll(now: now, &actions)
    case .finish: outlet.finish(now: now, &actions)
    case .renew(let lease, channel, let answer):
      let given = outlet.renew(lease, now: now, &actions)
      replies.append { answer(given) }
    case .takeOver(let leases, channel):
      let ours = leases.filter { isOurs($0.lease.user) }
      outlet.takeOver(
        ours.map { ($0.lease, Instant(nanoseconds: Int64(clamping: $0.expiresAt))) }, now: now, &actions)
    case .windows(let windows, channel): outlet.use(windows)
    case .end(let device, let user, channel): outlet.end(device: device, of: user, now: now, &actions)
    case .mayOpen(let device, let user, channel, let answer):
      let may = outlet.mayOpen(device, of: user, now: now)
      replies.append { answer(may) }
    case .opened(let connection, let device, let user, channel, let resuming):
      outlet.opened(connection, device: device, of: user, resuming: resuming, now: now, &actions)
    case .closed(let connection, let device, let user, channel):
      outlet.closed(connection, device: device, of: user, now: now, &actions)
    case .isWanted(let ticket, channel, let answer):
      let isWanted = outlet.isWanted(ticket, now: now)
      replies.append { answer(isWanted) }
    case .settled(let ticket, let outcome, channel): outlet.settled(ticket, outcome, now: now, &actions)
    case .renew, .takeOver, .windows, .end, .mayOpen, .opened, .closed, .isWanted, .settled, .wake: break
    }
  }

  private func isOurs(_ user: UserID) -> Bool { PushService.shard(of: user, of: shards) == number }

  // MARK: - Actions out

  /// - Returns: the outcome of a publication that is settled at once.
  private func perform(_ work: Work) -> (channel: Int, ticket: PublishTicket, outcome: PublishOutcome)? {
    let channel = channels[work.channel]
    switch work.action {
    case .publish(let publication):
      metrics.published(publication, on: work.channel)
      guard let outcome = channel.publish(publication) else { return nil }
      return (work.channel, publication.ticket, outcome)
    case .begin(let connection, let base, let beginning):
      if case .resync = beginning { metrics.resyncs.add() }
      channel.begin(connection, at: base, with: beginning)
    case .hint(let receipt, let audience): channel.hint(receipt, to: audience)
    case .announce(let base, let audience):
      metrics.resyncs.add()
      channel.announce(base, to: audience)
    case .cut(let connection, let reason): channel.cut(connection, because: reason)
    }
    return nil
  }

  private func settle(
    _ outcomes: [(channel: Int, ticket: PublishTicket, outcome: PublishOutcome)], _ outlets: inout [Outlet],
    now: Instant
  ) -> [Work] {
    var work: [Work] = []
    for (channel, ticket, outcome) in outcomes {
      var actions: [PushAction] = []
      outlets[channel].settled(ticket, outcome, now: now, &actions)
      for action in actions { work.append(Work(channel: channel, action: action)) }
    }
    // What was held up by these may be due by now.
    return work + advance(&outlets, now: now)
  }
}
