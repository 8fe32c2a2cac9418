import ChatDomain
import Dispatch
import FoundationEssentials

/// What time it is; an argument of everything here, so that tests need not wait.
public struct AuthClock: Sendable {
  public let now: @Sendable () -> Timestamp
  /// Nanoseconds that never go back, for throttles.
  public let monotonic: @Sendable () -> UInt64

  public init(now: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> UInt64) {
    self.now = now
    self.monotonic = monotonic
  }

  public static let system = AuthClock(
    now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
    monotonic: { DispatchTime.now().uptimeNanoseconds })
}
