/// Log-ins and their refresh tokens, of which it keeps hashes only.
///
/// Contract. Each call is atomic; two calls with one token are one after the other. What becomes of a token is decided by `RefreshFamily` alone. A session
/// whose shared secret does not match is treated as one that does not exist. Every error thrown is a `StoreError`; then the call may or may not have
/// had its effect, and repeating it is safe (a rotation within `RefreshFamily.graceTime`).
public protocol SessionStore: Sendable {
  /// Opens a session; false, and nothing is kept, if there is no such user or their credentials have another version by now. Above
  /// `AccountLimits.sessionsPerUser` the one used longest ago ends.
  func create(_ session: NewSession) async throws -> Bool

  /// Replaces the token by a successor. A session that is found to be reused or expired is removed in the same step.
  func rotate(_ token: RefreshToken, to successor: TokenHash, now: Timestamp) async throws -> Rotation

  /// Ends the session of the token, whether that is good, spent or expired; nothing if there is none.
  func end(_ token: RefreshToken) async throws

  /// Ends the user's sessions but one.
  func endAll(of user: UserID, except: SessionID?) async throws

  /// Removes sessions that nobody used for their lifetime, at most a thousand at a time.
  /// - Returns: how many.
  func sweep(now: Timestamp) async throws -> Int
}

public struct NewSession: Sendable {
  public let user: UserID
  /// Its id, the shared secret's hash, and the first token.
  public let token: RefreshToken
  /// Of the credentials that were proven.
  public let credentialVersion: Int
  public let now: Timestamp

  public init(user: UserID, token: RefreshToken, credentialVersion: Int, now: Timestamp) {
    self.user = user
    self.token = token
    self.credentialVersion = credentialVersion
    self.now = now
  }
}

public enum Rotation: Sendable, Equatable {
  /// The successor is good; the session's user.
  case rotated(UserID)
  /// The token was spent; its session has ended.
  case reused(UserID)
  /// No such session, or it has expired.
  case unknown
}
