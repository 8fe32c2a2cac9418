import ChatDomain
import Synchronization

/// How fast one user may send.
final class SendLimit: Sendable {
  private let buckets: Mutex<KeyedTokenBuckets<UserID>>

  init(perSecond: Int, burst: Int) {
    let interval = Duration.nanoseconds(1_000_000_000 / max(1, perSecond))
    buckets = Mutex(KeyedTokenBuckets(capacity: burst, interval: interval))
  }

  /// Takes one send.
  /// - Parameter now: monotonic nanoseconds.
  /// - Returns: nil if it may go; otherwise how long to wait.
  func take(_ user: UserID, now: UInt64) -> Duration? {
    buckets.withLock { $0.take(user, now: now) }
  }
}
