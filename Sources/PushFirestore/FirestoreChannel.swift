// PushFirestore: the push channel whose carrier is one overwritten Firestore document a recipient; custom tokens for those who read it.
// May import: ChatDomain, Aggregation (for time), Metrics, Logging, Crypto, swift-collections, Foundation (for its HTTP client).

import Aggregation
import ChatDomain
import Logging
import Metrics
import Synchronization

/// Writes what the push role publishes into `mailboxes/{user id}`.
///
/// Publications wait in a `WriteQueue`; several recipients' writes travel in one request, and a few requests are under way at a time. Right before a
/// request the gate is asked again for each write, and each is charged to the account. What fails is the owner's to try again (protocol, Servers 7
/// and 8); only a new base line, which nobody else repeats, is tried again from here.
public final class FirestoreChannel: Sendable {
  private struct State {
    var queue: WriteQueue
    var owner: (any PushOwner)?
    /// Requests under way, those that are being prepared included.
    var senders = 0
    var cancelTimer: (@Sendable () -> Void)?
    var timerAt = Instant.never
    var health = ChannelHealth()
  }

  private let settings: FirestoreSettings
  private let transport: any FirestoreTransport
  private let account: any WriteAccount
  private let runner: any SerialRunner
  private let metrics: FirestoreMetrics
  private let logger: Logger
  private let state: Mutex<State>

  public init(
    settings: FirestoreSettings, transport: any FirestoreTransport, account: any WriteAccount, runner: any SerialRunner,
    metrics: MetricsRegistry, logger: Logger
  ) {
    self.settings = settings
    self.transport = transport
    self.account = account
    self.runner = runner
    self.metrics = FirestoreMetrics(metrics)
    self.logger = logger
    state = Mutex(State(queue: WriteQueue(settings, now: Instant(nanoseconds: Int64(clamping: runner.now)))))
  }

  /// Ties the channel to the push role that publishes on it. Once, before the first publication.
  public func start(owner: any PushOwner) {
    state.withLock { $0.owner = owner }
  }

  /// Whether writes get through, as far as the last ones tell; where none do, clients are better off with another channel.
  public var isHealthy: Bool { state.withLock { $0.health.isGood(now: now) } }

  /// Shutdown: waits until nothing waits or is under way, at most so long.
  public func finish(within limit: TimeSpan) async {
    let end = now + limit
    while now < end, state.withLock({ $0.senders > 0 || !$0.queue.isEmpty }) {
      await withCheckedContinuation { continuation in
        _ = runner.run(at: runner.now + 20_000_000) { continuation.resume() }
      }
    }
  }

  private var now: Instant { Instant(nanoseconds: Int64(clamping: runner.now)) }

  private func put(_ write: MailboxWrite) {
    let displaced = state.withLock { $0.queue.put(write, now: now) }
    // The epoch of what was displaced is over, so its outcome concerns nobody; still each publication is settled once.
    if let displaced { settle(displaced, .refused) }
    send()
  }

  private func settle(_ write: MailboxWrite, _ outcome: PublishOutcome) {
    guard write.isPublication, let owner = state.withLock({ $0.owner }) else { return }
    owner.settled(write.ticket, outcome)
  }

  // MARK: - Requests

  /// Starts as many senders as there is work and room for; each goes on until nothing is left.
  private func send() {
    let batches = state.withLock { state -> [[MailboxWrite]] in
      var batches: [[MailboxWrite]] = []
      while state.senders < settings.concurrentRequests {
        let batch = state.queue.take(now: now)
        if batch.isEmpty { break }
        state.senders += 1
        batches.append(batch)
      }
      return batches
    }
    for batch in batches {
      Task { await work(on: batch) }
    }
    setTimer()
  }

  private func work(on first: [MailboxWrite]) async {
    var batch = first
    while !batch.isEmpty {
      await attempt(batch)
      batch = state.withLock { state in
        let next = state.queue.take(now: now)
        if next.isEmpty { state.senders -= 1 }
        return next
      }
    }
    setTimer()
  }

  /// Wakes the senders when a document may be written again, or the ramp allows more.
  private func setTimer() {
    let (old, at) = state.withLock { state -> ((@Sendable () -> Void)?, Instant?) in
      let next = state.senders < settings.concurrentRequests ? state.queue.wakeAt(now: now) ?? .never : .never
      if next == state.timerAt { return (nil, nil) }
      defer { state.cancelTimer = nil }
      state.timerAt = next
      return (state.cancelTimer, next == .never ? nil : next)
    }
    old?()
    guard let at else { return }
    let cancel = runner.run(at: UInt64(clamping: at.nanoseconds)) { [weak self] in self?.timerFired(at) }
    state.withLock { if $0.timerAt == at { $0.cancelTimer = cancel } }
  }

  private func timerFired(_ at: Instant) {
    state.withLock { state in
      guard state.timerAt == at else { return }
      state.timerAt = .never
      state.cancelTimer = nil
    }
    send()
  }

  private func attempt(_ batch: [MailboxWrite]) async {
    let allowed = await allow(batch)
    guard !allowed.isEmpty else { return }
    let answer = await transport.batchWrite(allowed.map(\.document))
    metrics.requests.add()
    switch answer {
    case .results(let results):
      for (write, result) in zip(allowed, results) { conclude(write, result) }
      for write in allowed.dropFirst(results.count) { conclude(write, .unavailable) }
    case .refused where allowed.count > 1:
      // Something in it is not to Firestore's liking, and nobody says what: it must not take its neighbours along.
      logger.warning("a batch was refused; trying its writes one by one", metadata: ["writes": "\(allowed.count)"])
      for write in allowed { await attempt([write.again]) }
    case .refused(let reason):
      logger.error("a mailbox write was refused", metadata: ["reason": "\(reason)"])
      conclude(allowed[0], .refused)
    case .failed(let reason):
      logger.warning("a request to Firestore failed", metadata: ["reason": "\(reason)", "writes": "\(allowed.count)"])
      for write in allowed { conclude(write, .unavailable) }
    }
  }

  /// Asks the gate and charges the attempts.
  private func allow(_ batch: [MailboxWrite]) async -> [MailboxWrite] {
    guard let owner = state.withLock({ $0.owner }) else { return [] }
    var wanted: [MailboxWrite] = []
    for write in batch {
      guard await owner.isWanted(write.ticket) else {
        metrics.notWanted.add()
        conclude(write, .refused)
        continue
      }
      wanted.append(write)
    }
    if wanted.isEmpty { return [] }
    if let reason = await transport.prepare() {
      logger.warning("no request to Firestore can be made", metadata: ["reason": "\(reason)"])
      for write in wanted { conclude(write, .unavailable) }
      return []
    }
    let paid = await account.charge(wanted.map(\.attempt))
    for write in wanted.dropFirst(paid) {
      metrics.overBudget.add()
      conclude(write, .refused)
    }
    metrics.writes.add(UInt64(paid))
    return Array(wanted.prefix(paid))
  }

  private func conclude(_ write: MailboxWrite, _ result: WriteResult) {
    let isWritten = result == .written
    state.withLock { state in
      state.queue.answered(write, isAgain: result == .unavailable && !write.isPublication, now: now)
      if result != .refused { state.health.note(isWritten: isWritten, now: now) }
    }
    if result != .refused { account.answered(write.attempt, isWritten: isWritten) }
    switch result {
    case .written: settle(write, .published)
    case .unavailable:
      metrics.failures.add()
      settle(write, .failed)
    case .refused: settle(write, .refused)
    }
    if isWritten { note(latencyOf: write) }
  }

  private func note(latencyOf write: MailboxWrite) {
    guard case .news(let publication) = write.content else { return }
    let now = runner.now
    for item in publication.aggregate.items where item.acceptedAt > 0 && item.acceptedAt <= now {
      metrics.latency.recordNanoseconds(now - item.acceptedAt)
    }
  }
}

extension FirestoreChannel: PushChannel {
  public var name: ChannelName { .firestore }

  public func publish(_ publication: Publication) -> PublishOutcome? {
    put(MailboxWrite(.news(publication), ticket: publication.ticket, audience: publication.audience, settings))
    return nil
  }

  public func announce(_ base: BaseLine, to audience: Audience) {
    let ticket = PublishTicket(channel: .firestore, recipient: audience.recipient, base: base)
    put(MailboxWrite(.base, ticket: ticket, audience: audience, settings))
  }

  public func hint(_ receipt: ReadMark, to audience: Audience) {}
  public func begin(_ connection: ConnectionID, at base: BaseLine, with beginning: Beginning) {}
  public func cut(_ connection: ConnectionID, because reason: CutReason) {}
}
