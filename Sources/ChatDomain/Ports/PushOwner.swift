/// The owner of recipients' push state, as a channel sees it.
///
/// Contract. Calls may come from anywhere; those about one recipient take effect in the order in which they were made. None blocks.
public protocol PushOwner: Sendable {
  /// Whether a device may open one more connection now: false when the user has too many devices.
  func mayOpen(_ channel: ChannelName, user: UserID, device: DeviceID) async -> Bool
  /// A connection is open: a lease by itself. The channel hears `begin` or `cut`.
  func opened(_ connection: ConnectionID, _ channel: ChannelName, user: UserID, device: DeviceID, resuming: BaseLine?)
  /// A connection is gone.
  func closed(_ connection: ConnectionID, _ channel: ChannelName, user: UserID, device: DeviceID)
  /// Whether somebody still looks: the gate, asked again right before an attempt (protocol, Servers 8).
  func isWanted(_ ticket: PublishTicket) async -> Bool
  /// The outcome of an attempt.
  func settled(_ ticket: PublishTicket, _ outcome: PublishOutcome)
}
