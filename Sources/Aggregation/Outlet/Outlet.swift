import ChatDomain

/// The push role for one channel and one shard of the recipients, as a value: leases, windows, epochs, numbers and replay.
///
/// Events come in with the time and append what the channel is to do; `advance` is called after them, and again at `wakeAt`. It upholds the protocol's rules
/// Servers 5 to 7, 11 and 12, and the invariants "no silent gap", "nobody looking, nothing written" and "bounded".
public struct Outlet: Sendable {
  public private(set) var settings: OutletSettings
  var slots: [UserID: SlotID] = [:]
  /// By the slot's index.
  var states: ContiguousArray<RecipientState?> = []
  var aggregator: Aggregator<NewsItem>
  var expiries = DeadlineQueue()
  private var names: EpochNames
  private var jitter: SeededGenerator
  /// Devices that look, of all recipients.
  public private(set) var leaseCount = 0
  /// Epochs that ended under live leases because news was dropped.
  public private(set) var resyncCount: UInt64 = 0
  /// Messages that came for somebody who looks, counted by recipient: all others the gate suppressed.
  public internal(set) var takenCount: UInt64 = 0

  /// - Parameter seed: random; epoch names follow from it.
  public init(_ settings: OutletSettings, seed: UInt64) {
    self.settings = settings
    aggregator = Aggregator(limits: settings.limits)
    names = EpochNames(seed: seed)
    jitter = SeededGenerator(seed: ~seed)
  }

  /// Other windows hold for what comes from now on: money is short, or no longer.
  public mutating func use(_ windows: Windows) { settings.windows = windows }

  /// The recipient's place in its news; nil without a lease.
  public func baseLine(of user: UserID) -> BaseLine? {
    guard let slot = slots[user], let epoch = states[Int(slot.index)]?.epoch else { return nil }
    return BaseLine(epoch: epoch, seq: aggregator.seq(of: slot))
  }

  /// Recipients that look.
  public var recipientCount: Int { slots.count }

  /// When `advance` must be called next; nil if only an event can change anything.
  public mutating func wakeAt() -> Instant? {
    while let first = expiries.first {
      if states[Int(first.slot.index)]?.slot == first.slot, states[Int(first.slot.index)]?.armed == first.at { break }
      expiries.popFirst()
    }
    switch (aggregator.wakeAt(), expiries.first?.at) {
    case (let a?, let b?): return min(a, b)
    case (let a, let b): return a ?? b
    }
  }

  // MARK: - State

  /// The slot of a recipient who looks. State whose last lease is over ends here, also before its timer.
  mutating func live(_ user: UserID, now: Instant, _ actions: inout [PushAction]) -> SlotID? {
    guard let slot = slots[user], let next = states[Int(slot.index)]?.nextExpiry else { return nil }
    return next <= now && !expire(slot, now: now, &actions) ? nil : slot
  }

  /// nil if there are too many already.
  mutating func liveOrNew(_ user: UserID, now: Instant, _ actions: inout [PushAction]) -> SlotID? {
    if let slot = live(user, now: now, &actions) { return slot }
    guard slots.count < settings.recipients else { return nil }
    let slot = aggregator.open()
    if Int(slot.index) == states.count { states.append(nil) }
    states[Int(slot.index)] = RecipientState(user: user, slot: slot, epoch: names.next())
    slots[user] = slot
    if settings.usesConnections { aggregator.hold(slot) }
    return slot
  }

  /// Drops leases that are over, and the state with the last of them.
  /// - Returns: whether anybody still looks.
  @discardableResult
  mutating func expire(_ slot: SlotID, now: Instant, _ actions: inout [PushAction]) -> Bool {
    states[Int(slot.index)]?.attention.expire(now)
    return leasesChanged(slot, now: now, &actions)
  }

  /// To be called after every change of a recipient's leases.
  /// - Returns: whether anybody still looks.
  @discardableResult
  mutating func leasesChanged(_ slot: SlotID, now: Instant, _ actions: inout [PushAction]) -> Bool {
    guard let attention = states[Int(slot.index)]?.attention else { return false }
    guard attention.isLooking(now) else {
      end(slot, &actions)
      return false
    }
    leaseCount += attention.devices.count - (states[Int(slot.index)]?.counted ?? 0)
    states[Int(slot.index)]?.counted = attention.devices.count
    states[Int(slot.index)]?.nextExpiry = attention.nextExpiry
    arm(slot)
    return true
  }

  private mutating func arm(_ slot: SlotID) {
    guard let state = states[Int(slot.index)], state.nextExpiry < state.armed else { return }
    states[Int(slot.index)]?.armed = state.nextExpiry
    expiries.arm(slot, at: state.nextExpiry)
    guard expiries.count > 2 * slots.count + 64 else { return }
    let states = states
    expiries.compact { states[Int($0.slot.index)]?.slot == $0.slot && states[Int($0.slot.index)]?.armed == $0.at }
  }

  /// The epoch ends, and all state with it: the next lease begins another.
  mutating func end(_ slot: SlotID, _ actions: inout [PushAction]) {
    guard let state = states[Int(slot.index)], state.slot == slot else { return }
    for connection in state.attention.connections { actions.append(.cut(connection, .ended)) }
    aggregator.close(slot)
    leaseCount -= state.counted
    states[Int(slot.index)] = nil
    slots[state.user] = nil
  }

  /// How long to wait after so many failures in a row: about twice as long each time, and not in step with others who failed together.
  mutating func backoff(_ failures: Int) -> TimeSpan {
    let span = min(settings.firstRetry.nanoseconds << Int64(min(failures, 16)), settings.slowestRetry.nanoseconds)
    return TimeSpan(nanoseconds: span + Int64(jitter.next() % UInt64(max(1, span / 4))))
  }

  /// The epoch ends under live leases, because something was dropped; the next begins at once, and its base line is told.
  mutating func renewEpoch(_ slot: SlotID, _ actions: inout [PushAction]) {
    guard var state = states[Int(slot.index)], state.slot == slot else { return }
    state.slot = aggregator.restart(slot)
    state.epoch = names.next()
    state.ring = ReplayRing()
    state.failingSince = nil
    state.failures = 0
    state.armed = .never
    resyncCount += 1
    slots[state.user] = state.slot
    states[Int(slot.index)] = state
    arm(state.slot)
    actions.append(.announce(BaseLine(epoch: state.epoch, seq: 0), Audience(state.user, state.attention)))
  }
}

extension Audience {
  init(_ recipient: UserID, _ attention: Attention) {
    self.init(recipient: recipient, connections: attention.connections, devices: attention.devices.count)
  }
}
