import Aggregation

/// How fast money may be spent at the moment.
public struct Pace: Hashable, Sendable {
  /// What news waits for: as usual, or longer.
  public let windows: Windows
  /// How far the windows are widened: 0 not at all, 1,000,000 to the utmost.
  public let pressure: Int
  /// Whether Firestore leases are taken; else they are answered with channel `stream`.
  public let takesLeases: Bool

  /// For the mailbox of somebody who views the chat: the least time between two writes.
  public var minimumInterval: TimeSpan { windows.viewing.spacing ?? .zero }
}
