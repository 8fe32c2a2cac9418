import ChatDomain

/// Who opens a stream, and how long they may hold it.
public struct StreamCaller: Sendable {
  public let user: UserID
  public let tokenExpiresAt: Timestamp

  public init(user: UserID, tokenExpiresAt: Timestamp) {
    self.user = user
    self.tokenExpiresAt = tokenExpiresAt
  }
}
