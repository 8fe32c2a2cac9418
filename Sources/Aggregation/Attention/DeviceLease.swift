import ChatDomain

/// One device of a recipient that looks, and until when.
public struct DeviceLease: Hashable, Sendable {
  public let device: DeviceID
  /// An open connection is a lease by itself.
  public internal(set) var connection: ConnectionID?
  /// Without a connection the lease ends here. Fresh while strictly before.
  public internal(set) var expiresAt: Instant
  /// The last lease call; `distantPast` before the first.
  public internal(set) var calledAt: Instant
  /// Named by the last lease call, valid for one lease time.
  public internal(set) var viewing: [ChatID]

  func isFresh(_ now: Instant) -> Bool { connection != nil || now < expiresAt }
}
