/// Settings of the auth role.
public struct AuthSettings: Sendable {
  /// `iss` of the tokens: the public URL of this installation.
  public var issuer: String
  /// `aud` of the tokens.
  public var audience = "caravan"
  /// How long an access token is good, seconds. Log-out and password changes do not shorten it.
  public var accessTokenLifetime: Int64 = 900
  public var argon2 = Argon2Parameters()
  /// Password hashes at a time, each on a thread of its own with `argon2.memory` bytes; nil: one a core.
  public var hashThreads: Int?
  /// Password hashes that may wait for a thread; one more is answered 503.
  public var hashQueue = 32
  public var limits = AuthLimits()

  public init(issuer: String) { self.issuer = issuer }
}
