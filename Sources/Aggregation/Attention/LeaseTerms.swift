import ChatDomain

/// The figures of leases.
public struct LeaseTerms: Hashable, Sendable {
  /// How long a lease lasts without a renewal (protocol, Servers 5).
  public var duration: TimeSpan
  /// Devices of one recipient (protocol, Servers 13).
  public var devices: Int
  /// The least time between two lease calls of a device; zero: no limit.
  public var spacing: TimeSpan

  public init(
    duration: TimeSpan = .seconds(60), devices: Int = ChatLimits.devicesPerUser, spacing: TimeSpan = .seconds(1)
  ) {
    self.duration = duration
    self.devices = devices
    self.spacing = spacing
  }
}
