import ChatDomain
import Synchronization

/// How often one user may call.
final class CallLimit: Sendable {
  private let buckets: Mutex<KeyedTokenBuckets<UserID>>

  init(burst: Int, interval: Duration) {
    buckets = Mutex(KeyedTokenBuckets(capacity: burst, interval: interval))
  }

  /// - Parameter now: monotonic nanoseconds.
  /// - Returns: false if the user has called too often.
  func take(_ user: UserID, now: UInt64) -> Bool { buckets.withLock { $0.take(user, now: now) } == nil }
}
