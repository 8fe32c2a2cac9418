/// Carries one request with mailbox writes.
public protocol FirestoreTransport: Sendable {
  /// Gets what a request needs, before anything is charged for it; nil if it can be made, otherwise why not.
  func prepare() async -> String?
  /// Never takes longer than its own time limit.
  func batchWrite(_ documents: [MailboxDocument]) async -> BatchAnswer
}

/// What came of a request.
public enum BatchAnswer: Sendable {
  /// Of each write, in order.
  case results([WriteResult])
  /// The request as a whole is not acceptable; trying the same again would not help. With a reason for the log.
  case refused(String)
  /// It may have been carried out or not.
  case failed(String)
}
