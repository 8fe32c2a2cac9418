import ChatDomain

extension Outlet {
  /// A device takes or renews its lease.
  public mutating func renew(_ lease: Lease, now: Instant, _ actions: inout [PushAction]) -> LeaseAnswer {
    guard let slot = liveOrNew(lease.user, now: now, &actions), var state = states[Int(slot.index)] else {
      return .taken(epoch: nil, seq: 0, expiresInSeconds: 0, channel: settings.channel)
    }
    let before = state.attention.devices.first { $0.device == lease.device }
    let renewal = state.attention.renew(lease.device, viewing: lease.viewing, under: settings.terms, now: now)
    states[Int(slot.index)]?.attention = state.attention
    leasesChanged(slot, now: now, &actions)
    switch renewal {
    case .tooManyDevices: return .tooManyDevices
    case .tooSoon: return .tooSoon
    case .taken: break
    }
    if before?.viewing != lease.viewing { attentionChanged(slot, now: now) }
    let seconds = Int(settings.terms.duration.nanoseconds / 1_000_000_000)
    return .taken(
      epoch: state.epoch.description, seq: aggregator.seq(of: slot), expiresInSeconds: seconds,
      channel: settings.channel)
  }

  /// Leases of an earlier owner that still run: each recipient's new epoch is told at once (protocol, Servers 6).
  /// - Parameter leases: with when each ends.
  public mutating func takeOver(
    _ leases: [(lease: Lease, expiresAt: Instant)], now: Instant, _ actions: inout [PushAction]
  ) {
    var told: Set<SlotID> = []
    for (lease, expiresAt) in leases where expiresAt > now {
      guard let slot = liveOrNew(lease.user, now: now, &actions) else { continue }
      states[Int(slot.index)]?.attention.restore(
        lease.device, viewing: lease.viewing, until: expiresAt, under: settings.terms, now: now)
      if leasesChanged(slot, now: now, &actions) { told.insert(slot) }
    }
    for slot in told.sorted(by: { $0.index < $1.index }) {
      guard let state = states[Int(slot.index)] else { continue }
      actions.append(
        .announce(BaseLine(epoch: state.epoch, seq: aggregator.seq(of: slot)), Audience(state.user, state.attention)))
    }
  }

  /// A device no longer looks.
  public mutating func end(device: DeviceID, of user: UserID, now: Instant, _ actions: inout [PushAction]) {
    guard let slot = live(user, now: now, &actions) else { return }
    states[Int(slot.index)]?.attention.end(device)
    leasesChanged(slot, now: now, &actions)
  }

  /// Whether one more device, or this one again, may connect.
  public func mayOpen(_ device: DeviceID, of user: UserID, now: Instant) -> Bool {
    guard let slot = slots[user], let attention = states[Int(slot.index)]?.attention else {
      return slots.count < settings.recipients
    }
    return attention.mayOpen(device, under: settings.terms, now: now)
  }

  /// A device has connected: it hears the base line, and what it missed if that can be proven complete.
  public mutating func opened(
    _ connection: ConnectionID, device: DeviceID, of user: UserID, resuming: BaseLine?, now: Instant,
    _ actions: inout [PushAction]
  ) {
    guard let slot = liveOrNew(user, now: now, &actions), var state = states[Int(slot.index)] else {
      actions.append(.cut(connection, .tooManyDevices))
      return
    }
    let opening = state.attention.open(connection, of: device, under: settings.terms, now: now)
    states[Int(slot.index)]?.attention = state.attention
    leasesChanged(slot, now: now, &actions)
    switch opening {
    case .tooManyDevices:
      actions.append(.cut(connection, .tooManyDevices))
      return
    case .taken(let replaced):
      if let replaced { actions.append(.cut(replaced, .replaced)) }
    }
    let base = BaseLine(epoch: state.epoch, seq: aggregator.seq(of: slot))
    actions.append(.begin(connection, base, beginning(of: state, at: base, resuming: resuming)))
    aggregator.release(slot, now: now)
    attentionChanged(slot, now: now)
  }

  private func beginning(of state: RecipientState, at base: BaseLine, resuming: BaseLine?) -> Beginning {
    guard let resuming else { return .fresh }
    guard resuming.epoch == base.epoch, let missed = state.ring.replay(after: resuming.seq, last: base.seq) else {
      return .resync
    }
    return .replay(missed)
  }

  /// A connection is gone. Its lease runs out from now; a reconnect until then continues the epoch.
  public mutating func closed(
    _ connection: ConnectionID, device: DeviceID, of user: UserID, now: Instant, _ actions: inout [PushAction]
  ) {
    guard let slot = slots[user],
      states[Int(slot.index)]?.attention.close(connection, of: device, under: settings.terms, now: now) == true,
      leasesChanged(slot, now: now, &actions)
    else { return }
    if states[Int(slot.index)]?.attention.connections.isEmpty == true { aggregator.hold(slot) }
  }

  /// The windows of what waits are measured anew: what was withheld for the sender's sake or waited for a slower window may be due.
  private mutating func attentionChanged(_ slot: SlotID, now: Instant) {
    guard let state = states[Int(slot.index)] else { return }
    var policy: WindowPolicy?
    for item in aggregator.waiting(in: slot) where !isSpared(item, for: state, now: now) {
      if state.attention.views(item.message.chat, under: settings.terms, now: now) {
        policy = settings.windows.viewing
        break
      }
      policy = settings.windows.elsewhere
    }
    if let policy { aggregator.attentionChanged(slot, to: policy, now: now) }
  }

  /// Servers 12: the only device that looks is the one that sent it.
  func isSpared(_ item: NewsItem, for state: RecipientState, now: Instant) -> Bool {
    guard settings.sparesSender, item.message.sender == state.user, let device = item.senderDevice else { return false }
    return state.attention.isOnly(device, now: now)
  }
}
