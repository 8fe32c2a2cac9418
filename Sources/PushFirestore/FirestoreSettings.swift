import Aggregation

/// How mailboxes are written.
public struct FirestoreSettings: Sendable {
  /// `projects/{project}/databases/{database}/documents`, without a slash at the end.
  public var root: String
  /// What `news` and `reads` of a document take together, in bytes.
  public var documentBytes = 4 * 1_024
  /// Writes in one request; Firestore takes 500 (`documents:batchWrite`).
  public var writesPerRequest = 50
  public var concurrentRequests = 4
  /// The least time between two writes of one document: Firestore sustains one a second (its best practices).
  public var documentSpacing = TimeSpan.seconds(1)
  /// Recipients whose write may wait; more are refused, and their epochs end.
  public var waiting = 50_000
  public var ramp = RampUp.Terms()

  public init(root: String) { self.root = root }
}
