// AuthValidatorRemote: fetches and refreshes a JWKS by URL, for services outside Caravan.
// May import: AuthValidator, FoundationNetworking, Synchronization.

import AuthValidator
import Foundation

extension AuthValidator {
  /// A validator for another service that knows nothing but where Caravan publishes its keys.
  ///
  ///     let validator = AuthValidator(
  ///       jwksURL: url("https://chat.example/.well-known/jwks.json"), issuer: "https://chat.example", audience: "caravan")
  ///     let claims = try await validator.validate(bearerToken)
  ///
  /// The keys are fetched when the first token comes, and again as their `max-age` says or when a token names a new one.
  public convenience init(jwksURL: URL, issuer: String, audience: String) {
    self.init(policy: TokenPolicy(issuer: issuer, audience: audience), source: RemoteJWKSSource(url: jwksURL))
  }
}
