/// Counts failures by key, and refuses a key that has failed too often: `limit` failures within `window` of the first one, until that window ends.
/// Pure: the time is an argument.
///
/// An attempt counts as a failure from its beginning, and is forgiven when it succeeds: a thousand attempts at the same moment get no further than
/// `limit`. Holds at most `maximumKeys` keys; at the bound the one with the fewest failures of some neighbours is forgotten.
public struct KeyedFailures<Key: Hashable & Sendable>: Sendable {
  private struct Window: Sendable {
    var failures: Int
    let end: UInt64
  }

  private let limit: Int
  private let window: UInt64
  private var windows: BoundedKeys<Key, Window>

  public init(limit: Int, window: Duration, maximumKeys: Int = 50_000) {
    self.limit = max(1, limit)
    self.window = UInt64(max(0, min(window.components.seconds, 1_000_000_000))) * 1_000_000_000
    windows = BoundedKeys(capacity: maximumKeys)
  }

  /// How long the key is refused; nil if it is not. Counts nothing.
  public func wait(_ key: Key, now: UInt64) -> Duration? {
    guard let entry = windows[key], now < entry.end, entry.failures >= limit else { return nil }
    return .nanoseconds(Int64(clamping: entry.end - now))
  }

  /// Counts an attempt.
  public mutating func begin(_ key: Key, now: UInt64) {
    windows.tidy { $0.end <= now }
    var entry = Window(failures: 0, end: now + window)
    if let known = windows[key], now < known.end { entry = known }
    entry.failures += 1
    windows.put(entry, for: key) { ($0.failures, $0.end) < ($1.failures, $1.end) }
  }

  /// Takes one attempt back: it did not fail.
  public mutating func forgive(_ key: Key) {
    guard var entry = windows[key] else { return }
    entry.failures -= 1
    if entry.failures <= 0 { windows.remove(key) } else { windows.put(entry, for: key) { $0.end < $1.end } }
  }

  /// Forgets the key's failures.
  public mutating func reset(_ key: Key) { windows.remove(key) }

  /// Keys that it holds.
  public var count: Int { windows.count }
}
