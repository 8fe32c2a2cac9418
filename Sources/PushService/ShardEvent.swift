import Aggregation
import ChatDomain

/// What can happen to a shard.
enum ShardEvent: Sendable {
  case message(NewsItem, recipients: [UserID])
  case receipt(ReadMark, recipients: [UserID])
  /// News for these was dropped at the inbox's limit; nil: for anybody.
  case dropped(Set<UserID>?)
  case renew(Lease, channel: Int, answer: @Sendable (LeaseAnswer) -> Void)
  /// Leases of an earlier owner, and when each ends: nanoseconds of the runner's clock.
  case takeOver([(lease: Lease, expiresAt: UInt64)], channel: Int)
  case windows(Windows, channel: Int)
  case end(device: DeviceID, user: UserID, channel: Int)
  case mayOpen(device: DeviceID, user: UserID, channel: Int, answer: @Sendable (Bool) -> Void)
  case opened(ConnectionID, device: DeviceID, user: UserID, channel: Int, resuming: BaseLine?)
  case closed(ConnectionID, device: DeviceID, user: UserID, channel: Int)
  case isWanted(PublishTicket, channel: Int, answer: @Sendable (Bool) -> Void)
  case settled(PublishTicket, PublishOutcome, channel: Int)
  case finish(answer: @Sendable () -> Void)
  /// The timer.
  case wake
}
