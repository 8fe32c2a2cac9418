/// What a token must say to be accepted.
public struct TokenPolicy: Sendable {
  public let issuer: String
  /// `aud` must be it, or a list that holds it.
  public let audience: String
  /// How far the clocks of issuer and verifier may be apart, seconds.
  public var leeway: Int64
  /// Longer tokens are refused unread. Caravan's take about 450 bytes.
  public var maximumBytes: Int

  public init(issuer: String, audience: String, leeway: Int64 = 10, maximumBytes: Int = 4_096) {
    self.issuer = issuer
    self.audience = audience
    self.leeway = leeway
    self.maximumBytes = maximumBytes
  }

  /// - Parameter now: seconds since 1970.
  func checkTimes(_ claims: AccessTokenClaims, now: Int64) throws(TokenError) {
    guard now < claims.expiresAt + leeway else { throw TokenError(.expired) }
    guard claims.issuedAt <= now + leeway else { throw TokenError(.notYetValid) }
  }
}
