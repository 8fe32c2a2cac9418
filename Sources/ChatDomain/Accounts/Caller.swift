/// Who makes a request, as a verified access token says.
public struct Caller: Sendable, Hashable {
  public let userID: UserID
  /// When the access token ends; an event stream opened with it ends then too.
  public let tokenExpiresAt: Timestamp
  /// The log-in that the token came of.
  public let sessionID: SessionID

  public init(userID: UserID, tokenExpiresAt: Timestamp, sessionID: SessionID) {
    self.userID = userID
    self.tokenExpiresAt = tokenExpiresAt
    self.sessionID = sessionID
  }
}
