import Crypto
import FoundationEssentials

/// Verifies one token against given keys. Pure.
///
/// The order matters: size, shape, header, key, signature, and only then are the claims parsed, so that nothing unsigned is believed.
struct TokenVerifier: Sendable {
  let policy: TokenPolicy

  /// - Parameter now: seconds since 1970.
  func verify(_ token: UnsafeBufferPointer<UInt8>, keys: JSONWebKeySet, now: Int64) throws(TokenError)
    -> AccessTokenClaims
  {
    guard token.count <= policy.maximumBytes else { throw TokenError(.tooLarge) }
    let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, let signature = Base64URL.decode(parts[2]), signature.count == 64 else {
      throw TokenError(.malformed)
    }
    let header: Header = try TokenVerifier.decode(parts[0])
    // A list of one: neither `none` nor a symmetric algorithm that would take the public key as its secret.
    guard header.alg == "EdDSA" else { throw TokenError(.unsupportedAlgorithm) }
    guard !header.isCritical, let keyID = header.kid else { throw TokenError(.malformed) }
    guard let key = keys[keyID] else { throw TokenError(.unknownKey) }

    let signed = token[..<parts[1].endIndex]
    guard key.isValidSignature(signature, for: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: signed))) else {
      throw TokenError(.badSignature)
    }

    let payload: Payload = try TokenVerifier.decode(parts[1])
    guard payload.iss == policy.issuer else { throw TokenError(.wrongIssuer) }
    guard payload.aud.contains(policy.audience) else { throw TokenError(.wrongAudience) }
    let claims = AccessTokenClaims(
      subject: payload.sub, tokenID: payload.jti, issuedAt: payload.iat, expiresAt: payload.exp)
    guard !claims.subject.isEmpty, !claims.tokenID.isEmpty else { throw TokenError(.malformed) }
    try policy.checkTimes(claims, now: now)
    if let notBefore = payload.nbf, notBefore > now + policy.leeway { throw TokenError(.notYetValid) }
    return claims
  }

  private static func decode<Part: Decodable>(_ text: Slice<UnsafeBufferPointer<UInt8>>) throws(TokenError) -> Part {
    guard
      !text.isEmpty, let bytes = Base64URL.decode(text), JSONGuard.hasWellFormedStrings(bytes),
      let part = try? JSONDecoder().decode(Part.self, from: Data(bytes))
    else { throw TokenError(.malformed) }
    return part
  }
}

extension TokenVerifier {
  private struct Header: Decodable {
    let alg: String
    let kid: String?
    /// The header names extensions that must be understood (RFC 7515, section 4.1.11). None is.
    let isCritical: Bool

    enum Field: String, CodingKey { case alg, kid, crit }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Field.self)
      alg = try fields.decode(String.self, forKey: .alg)
      kid = try fields.decodeIfPresent(String.self, forKey: .kid)
      isCritical = fields.contains(.crit)
    }
  }

  private struct Payload: Decodable {
    let iss: String
    let aud: [String]
    let sub: String
    let jti: String
    let iat: Int64
    let exp: Int64
    let nbf: Int64?

    enum Field: String, CodingKey { case iss, aud, sub, jti, iat, exp, nbf }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Field.self)
      iss = try fields.decode(String.self, forKey: .iss)
      sub = try fields.decode(String.self, forKey: .sub)
      jti = try fields.decode(String.self, forKey: .jti)
      // RFC 7519, section 4.1.3: one string, or a list.
      if let one = try? fields.decode(String.self, forKey: .aud) {
        aud = [one]
      } else {
        aud = try fields.decode([String].self, forKey: .aud)
      }
      iat = try Payload.seconds(fields, .iat)
      exp = try Payload.seconds(fields, .exp)
      nbf = fields.contains(.nbf) ? try Payload.seconds(fields, .nbf) : nil
    }

    /// RFC 7519 allows fractions; they are cut off. Bounded to the year 9999, so that adding to it never overflows.
    private static func seconds(_ fields: KeyedDecodingContainer<Field>, _ field: Field) throws -> Int64 {
      let value = try fields.decode(Double.self, forKey: field)
      guard value >= 0, value <= 253_402_300_799 else {
        throw DecodingError.dataCorruptedError(forKey: field, in: fields, debugDescription: "out of range")
      }
      return Int64(value)
    }
  }
}
