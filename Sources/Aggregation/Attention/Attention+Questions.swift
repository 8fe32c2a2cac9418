import ChatDomain

extension Attention {
  /// Whether anybody looks.
  public func isLooking(_ now: Instant) -> Bool { devices.contains { $0.isFresh(now) } }

  /// Whether a fresh device shows the chat.
  public func views(_ chat: ChatID, under terms: LeaseTerms, now: Instant) -> Bool {
    devices.contains { lease in
      !lease.viewing.isEmpty && lease.isFresh(now) && now < lease.calledAt + terms.duration
        && lease.viewing.contains(chat)
    }
  }

  /// Whether this is the only device that looks.
  public func isOnly(_ device: DeviceID, now: Instant) -> Bool {
    var isPresent = false
    for lease in devices where lease.isFresh(now) {
      if lease.device != device { return false }
      isPresent = true
    }
    return isPresent
  }

  /// When the next lease runs out; `never` while all are held by connections.
  public var nextExpiry: Instant {
    var next = Instant.never
    for lease in devices where lease.connection == nil { next = min(next, lease.expiresAt) }
    return next
  }

  /// Open connections, oldest device first.
  public var connections: [ConnectionID] { devices.compactMap(\.connection) }
}
