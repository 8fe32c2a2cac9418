/// A token bucket for every key: bursts up to `capacity`, then one token every `interval`. Pure: the time is an argument.
///
/// Holds at most `maximumKeys` keys. At the bound the fullest of some neighbours is forgotten, which to its key is the same as a full bucket: nobody is ever
/// refused because of others, and a flood of keys costs an attacker as many addresses as it is wide.
public struct KeyedTokenBuckets<Key: Hashable & Sendable>: Sendable {
  private let interval: UInt64
  /// How far in the future a bucket may become full: `capacity` intervals.
  private let depth: UInt64
  /// When each bucket will be full. (The "theoretical arrival time" of the generic cell rate algorithm.)
  private var fullAt: BoundedKeys<Key, UInt64>

  /// - Parameters:
  ///   - capacity: tokens of a full bucket; a key seen for the first time has one.
  ///   - interval: in which a token comes back.
  public init(capacity: Int, interval: Duration, maximumKeys: Int = 50_000) {
    let (seconds, attoseconds) = interval.components
    let nanoseconds = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    self.interval =
      nanoseconds.overflow
      ? .max >> 16 : UInt64(max(0, nanoseconds.partialValue)) + UInt64(max(0, attoseconds)) / 1_000_000_000
    let depth = self.interval.multipliedReportingOverflow(by: UInt64(max(1, capacity)))
    self.depth = depth.overflow ? .max >> 1 : depth.partialValue
    fullAt = BoundedKeys(capacity: maximumKeys)
  }

  /// Takes a token.
  /// - Parameter now: monotonic nanoseconds.
  /// - Returns: nil if it was taken; otherwise how long to wait for one, and nothing is taken.
  public mutating func take(_ key: Key, now: UInt64) -> Duration? {
    fullAt.tidy { $0 <= now }
    let after = max(fullAt[key] ?? 0, now) + interval
    if after - now > depth { return .nanoseconds(Int64(clamping: after - now - depth)) }
    // A bucket that is full sooner has been used less.
    fullAt.put(after, for: key) { $0 < $1 }
    return nil
  }

  /// Puts a token back: what it was taken for did not happen.
  public mutating func giveBack(_ key: Key, now: UInt64) {
    guard let full = fullAt[key] else { return }
    if full <= now + interval { fullAt.remove(key) } else { fullAt.put(full - interval, for: key) { $0 < $1 } }
  }

  /// Keys that it holds.
  public var count: Int { fullAt.count }
}
