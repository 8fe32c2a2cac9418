import Crypto
import Foundation

@testable import AuthValidator

/// Makes tokens, good ones and such as nobody should accept.
struct TokenFactory {
  let key = Curve25519.Signing.PrivateKey()
  var header = #"{"alg":"EdDSA","typ":"JWT","kid":"k1"}"#
  var issuer = "https://issuer.example"
  var audience = "caravan"
  var subject = "6f1d6c0e-52b7-4a0e-9c35-0d8a41e7b2f3"
  var tokenID = "session.1"
  var issuedAt: Int64 = 1_000
  var expiresAt: Int64 = 1_900

  var keys: JSONWebKeySet { JSONWebKeySet(["k1": key.publicKey]) }

  var payload: String {
    #"{"iss":"\#(issuer)","aud":"\#(audience)","sub":"\#(subject)","jti":"\#(tokenID)","iat":\#(issuedAt),"exp":\#(expiresAt)}"#
  }

  func token() throws -> String { try sign(header: header, payload: payload) }

  func sign(header: String, payload: String) throws -> String {
    let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
    let signature = try key.signature(for: Data(signed.utf8))
    return signed + "." + Base64URL.encode([UInt8](signature))
  }

  func validator(cachedTokens: Int = 64) -> AuthValidator {
    AuthValidator(
      policy: TokenPolicy(issuer: issuer, audience: audience), source: StaticJWKSSource(keys),
      cachedTokens: cachedTokens)
  }
}
