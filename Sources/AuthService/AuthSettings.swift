import ChatDomain

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
  /// Mints Firebase custom tokens; nil: Firebase is not configured.
  public var firebaseTokens: FirebaseTokenMint?

  public init(issuer: String) { self.issuer = issuer }
}

/// Mints a Firebase custom token.
public struct FirebaseTokenMint: Sendable {
  /// Seconds that a token is good for.
  public let lifetime: Int
  /// A token for a user, at that many seconds since 1970.
  public let mint: @Sendable (UserID, Int64) throws -> String

  public init(lifetime: Int, mint: @escaping @Sendable (UserID, Int64) throws -> String) {
    self.lifetime = lifetime
    self.mint = mint
  }
}
