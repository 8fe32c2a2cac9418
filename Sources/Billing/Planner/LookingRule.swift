/// How a trace, which says nothing of it, is read for who looks: a person looks at a chat for some time before and after each message that they send in it.
public struct LookingRule: Hashable, Sendable {
  /// Milliseconds before an own message: they read, then they answer.
  public var beforeSending: Int64
  /// Milliseconds after an own message: they wait for the answer.
  public var afterSending: Int64
  /// Milliseconds for which an app that nobody looks at keeps listening to its mailbox. Nothing is written meanwhile, so it costs nothing, and the next look
  /// needs no read to attach.
  public var stayingAttached: Int64

  public init(beforeSending: Int64 = 30_000, afterSending: Int64 = 60_000, stayingAttached: Int64 = 0) {
    self.beforeSending = beforeSending
    self.afterSending = afterSending
    self.stayingAttached = stayingAttached
  }
}
