import ChatDomain

/// Who looks on behalf of one recipient on one channel: the leases of its devices.
///
/// Every method that takes the time drops what has expired by then first.
public struct Attention: Sendable {
  /// At most `LeaseTerms.devices`.
  public private(set) var devices: ContiguousArray<DeviceLease> = []

  public init() {}

  public enum Renewal: Hashable, Sendable {
    case taken
    /// The recipient has its full number of other devices.
    case tooManyDevices
    /// The device called less than `LeaseTerms.spacing` ago.
    case tooSoon
  }

  /// Takes or renews the lease of a device.
  public mutating func renew(_ device: DeviceID, viewing: [ChatID], under terms: LeaseTerms, now: Instant) -> Renewal {
    expire(now)
    let viewing = Array(viewing.prefix(ChatLimits.viewedChats))
    if let place = place(of: device) {
      guard now >= devices[place].calledAt + terms.spacing else { return .tooSoon }
      devices[place].expiresAt = now + terms.duration
      devices[place].calledAt = now
      devices[place].viewing = viewing
      return .taken
    }
    guard makeRoom(under: terms) else { return .tooManyDevices }
    devices.append(
      DeviceLease(
        device: device, connection: nil, expiresAt: now + terms.duration, calledAt: now, viewing: viewing))
    return .taken
  }

  /// Takes a lease over that another owner has given, unless the device has one already.
  public mutating func restore(
    _ device: DeviceID, viewing: [ChatID], until expiresAt: Instant, under terms: LeaseTerms, now: Instant
  ) {
    guard place(of: device) == nil, makeRoom(under: terms) else { return }
    let expiresAt = min(expiresAt, now + terms.duration)
    devices.append(
      DeviceLease(
        device: device, connection: nil, expiresAt: expiresAt,
        calledAt: Instant(nanoseconds: expiresAt.nanoseconds - terms.duration.nanoseconds),
        viewing: Array(viewing.prefix(ChatLimits.viewedChats))))
  }

  /// Whether one more device, or this one again, may connect.
  public func mayOpen(_ device: DeviceID, under terms: LeaseTerms, now: Instant) -> Bool {
    place(of: device) != nil || devices.count { $0.connection != nil || isCalled($0, now) } < terms.devices
  }

  public enum Opening: Hashable, Sendable {
    /// `replaced`: the device's connection before it, which is to be cut.
    case taken(replaced: ConnectionID?)
    case tooManyDevices
  }

  /// A device has connected.
  public mutating func open(
    _ connection: ConnectionID, of device: DeviceID, under terms: LeaseTerms, now: Instant
  ) -> Opening {
    expire(now)
    if let place = place(of: device) {
      let replaced = devices[place].connection
      devices[place].connection = connection
      return .taken(replaced: replaced)
    }
    guard makeRoom(under: terms) else { return .tooManyDevices }
    devices.append(
      DeviceLease(
        device: device, connection: connection, expiresAt: now + terms.duration, calledAt: .distantPast, viewing: []))
    return .taken(replaced: nil)
  }

  /// A connection is gone; its lease runs out from now.
  /// - Returns: false if the device has another one, or none.
  public mutating func close(
    _ connection: ConnectionID, of device: DeviceID, under terms: LeaseTerms, now: Instant
  ) -> Bool {
    guard let place = place(of: device), devices[place].connection == connection else { return false }
    devices[place].connection = nil
    devices[place].expiresAt = now + terms.duration
    expire(now)
    return true
  }

  /// A device no longer looks. Its connection, if it has one, stays: a lease that views nothing.
  public mutating func end(_ device: DeviceID) {
    guard let place = place(of: device) else { return }
    if devices[place].connection == nil {
      devices.remove(at: place)
    } else {
      devices[place].viewing = []
    }
  }

  /// Drops the leases that are over.
  public mutating func expire(_ now: Instant) {
    guard devices.contains(where: { !$0.isFresh(now) }) else { return }
    devices.removeAll { !$0.isFresh(now) }
  }

  private func place(of device: DeviceID) -> Int? { devices.firstIndex { $0.device == device } }

  private func isCalled(_ lease: DeviceLease, _ now: Instant) -> Bool {
    lease.calledAt != .distantPast && now < lease.expiresAt
  }

  /// Where the devices are full, a lease that only remembers a connection long gone makes room: the recipient's state depends on none in particular.
  private mutating func makeRoom(under terms: LeaseTerms) -> Bool {
    if devices.count < terms.devices { return true }
    let leftovers = devices.indices.filter { devices[$0].connection == nil && devices[$0].calledAt == .distantPast }
    guard let oldest = leftovers.min(by: { devices[$0].expiresAt < devices[$1].expiresAt }) else { return false }
    devices.remove(at: oldest)
    return true
  }
}
