/// Who looks at what: leases of devices, taken and ended by clients, answered by the owner of the recipient's push state.
public protocol AttentionSource: Sendable {
  /// Takes or renews the lease of a device. The answer comes from the owner of the recipient (protocol, Servers 5).
  func renew(_ lease: Lease) async throws -> LeaseAnswer
  /// Ends the lease of a device now; nothing if it has none.
  func end(device: DeviceID, of user: UserID, on channel: ChannelName?) async
}

public enum ChannelName: String, Sendable, Hashable {
  case stream, firestore
}

public struct Lease: Sendable, Hashable {
  public let user: UserID
  public let device: DeviceID
  public let channel: ChannelName
  /// At most `ChatLimits.viewedChats`.
  public let viewing: [ChatID]

  public init(user: UserID, device: DeviceID, channel: ChannelName, viewing: [ChatID]) {
    self.user = user
    self.device = device
    self.channel = channel
    self.viewing = viewing
  }
}

public enum LeaseAnswer: Sendable, Hashable {
  /// `epoch` nil: the owner did not answer in time; ask again.
  case taken(epoch: String?, seq: UInt64, expiresInSeconds: Int, channel: ChannelName)
  /// The user has `ChatLimits.devicesPerUser` other devices.
  case tooManyDevices
  /// More than one call a second.
  case tooSoon
}
