/// Limits of the chat role.
public struct ChatSettings: Sendable {
  /// Off: sends and new chats are not counted. For tests and benchmarks.
  public var areLimitsOn = true
  /// Sends a second of one user, on average.
  public var sendsPerSecond = 5
  /// Sends at once.
  public var sendBurst = 20
  /// New chats within 24 hours in which nobody answered yet.
  public var unansweredChatsPerDay = 20

  public init() {}
}
