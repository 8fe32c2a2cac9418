import Aggregation

/// Whether writes get through.
struct ChannelHealth: Sendable {
  /// Nothing but failures for so long means that the channel is down.
  static let patience = TimeSpan.seconds(20)
  /// After so long without an attempt it is worth a try again.
  static let rest = TimeSpan.seconds(60)

  private var failingSince: Instant?
  private var lastFailure = Instant.distantPast

  mutating func note(isWritten: Bool, now: Instant) {
    if isWritten {
      failingSince = nil
    } else {
      failingSince = failingSince ?? now
      lastFailure = now
    }
  }

  func isGood(now: Instant) -> Bool {
    guard let failingSince else { return true }
    return lastFailure - failingSince < ChannelHealth.patience || now - lastFailure > ChannelHealth.rest
  }
}
