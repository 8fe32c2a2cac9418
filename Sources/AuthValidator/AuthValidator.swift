// AuthValidator: verifies Caravan's access tokens (JWT, EdDSA) against a JWKS; shared by every service, and a library product of its own.
// May import: Crypto, FoundationEssentials, Synchronization. Nothing of Caravan.

import FoundationEssentials

/// Verifies access tokens. One per process, shared: it remembers the tokens that it has verified.
///
///     let validator = AuthValidator(policy: TokenPolicy(issuer: "https://chat.example", audience: "caravan"), source: StaticJWKSSource(keys))
///     let claims = try await validator.validate(token)
///
/// A token is valid until its `exp`, whatever happens to its session: log-out and password changes end the session's refresh token at once, and
/// its access tokens within their 15 minutes.
public final class AuthValidator: Sendable {
  public let policy: TokenPolicy
  private let source: any JWKSSource
  private let verifier: TokenVerifier
  private let cache: VerifiedTokenCache

  /// - Parameter cachedTokens: how many verified tokens are remembered (at most twice as many, about 300 bytes each); the least used are forgotten.
  public init(policy: TokenPolicy, source: any JWKSSource, cachedTokens: Int = 16_384) {
    self.policy = policy
    self.source = source
    verifier = TokenVerifier(policy: policy)
    cache = VerifiedTokenCache(capacity: cachedTokens)
  }

  /// Verifies a token with the keys that are held. Never waits: about a microsecond for a token seen before, about a hundred for a new one.
  ///
  /// - Parameter now: seconds since 1970.
  public func verify(_ token: String, now: Int64) throws(TokenError) -> AccessTokenClaims {
    var token = token
    let keys = source.keys
    let result = token.withUTF8 { bytes -> Result<AccessTokenClaims, TokenError> in
      guard bytes.count <= policy.maximumBytes else { return .failure(TokenError(.tooLarge)) }
      let key = VerifiedTokenCache.Key(bytes)
      do throws(TokenError) {
        if let entry = cache.entry(for: key), entry.keys === keys {
          try policy.checkTimes(entry.claims, now: now)
          return .success(entry.claims)
        }
        let claims = try verifier.verify(bytes, keys: keys, now: now)
        cache.insert(VerifiedTokenCache.Entry(claims: claims, keys: keys), for: key)
        return .success(claims)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// Verifies a token; asks for the keys again if it names one that is not held.
  public func validate(_ token: String) async throws(TokenError) -> AccessTokenClaims {
    try await validate(token, now: Int64(Date().timeIntervalSince1970))
  }

  /// - Parameter now: seconds since 1970.
  public func validate(_ token: String, now: Int64) async throws(TokenError) -> AccessTokenClaims {
    do throws(TokenError) {
      return try verify(token, now: now)
    } catch {
      guard error.code == .unknownKey else { throw error }
    }
    do throws(JWKSError) {
      _ = try await source.refresh()
    } catch {
      throw TokenError(.keysUnavailable)
    }
    return try verify(token, now: now)
  }
}
