/// What a verified token says. The issuer and the audience are not repeated: they are the policy's.
public struct AccessTokenClaims: Sendable, Hashable {
  /// `sub`: the user's id.
  public let subject: String
  /// `jti`: unique to the token. Caravan's are `<session id>.<random>`.
  public let tokenID: String
  /// `iat`, seconds since 1970.
  public let issuedAt: Int64
  /// `exp`, seconds since 1970.
  public let expiresAt: Int64

  public init(subject: String, tokenID: String, issuedAt: Int64, expiresAt: Int64) {
    self.subject = subject
    self.tokenID = tokenID
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
  }

  /// The part of `jti` before its first dot: in Caravan's tokens the id of the session, the same in all tokens of one log-in.
  public var sessionID: Substring { tokenID.prefix { $0 != "." } }
}
