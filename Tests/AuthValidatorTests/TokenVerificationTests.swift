import Crypto
import Foundation
import Testing

@testable import AuthValidator

@Suite("Token verification")
struct TokenVerificationTests {
  private func code(_ token: String, _ factory: TokenFactory, now: Int64 = 1_100) -> TokenError.Code? {
    do throws(TokenError) {
      _ = try factory.validator().verify(token, now: now)
      return nil
    } catch {
      return error.code
    }
  }

  @Test("A good token gives its claims, the first time and from the cache")
  func good() throws {
    let factory = TokenFactory()
    let validator = factory.validator()
    let token = try factory.token()
    for _ in 0..<3 {
      let claims = try validator.verify(token, now: 1_100)
      #expect(claims.subject == factory.subject)
      #expect(claims.tokenID == "session.1")
      #expect(claims.sessionID == "session")
      #expect(claims.expiresAt == 1_900)
    }
  }

  @Test("An audience list that holds ours is good")
  func audienceList() throws {
    let factory = TokenFactory()
    let payload = factory.payload.replacingOccurrences(of: #""caravan""#, with: #"["other","caravan"]"#)
    #expect(code(try factory.sign(header: factory.header, payload: payload), factory) == nil)
  }

  @Test("Every single changed character is noticed")
  func tampered() throws {
    let factory = TokenFactory()
    let token = Array(try factory.token().utf8)
    for position in token.indices {
      var changed = token
      changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      #expect(code(String(decoding: changed, as: UTF8.self), factory) != nil, "position \(position)")
    }
  }

  @Test("No algorithm but EdDSA", arguments: ["none", "None", "HS256", "RS256", "ES256", "eddsa", ""])
  func algorithm(name: String) throws {
    let factory = TokenFactory()
    let header = #"{"alg":"\#(name)","kid":"k1"}"#
    #expect(code(try factory.sign(header: header, payload: factory.payload), factory) == .unsupportedAlgorithm)
  }

  @Test("An unsigned token is refused")
  func unsigned() throws {
    let factory = TokenFactory()
    let token = try factory.sign(header: #"{"alg":"none","kid":"k1"}"#, payload: factory.payload)
    let stripped = token.split(separator: ".")[0...1].joined(separator: ".") + "."
    #expect(code(stripped, factory) == .malformed)
  }

  @Test("The public key used as an HMAC secret opens nothing")
  func confusion() throws {
    let factory = TokenFactory()
    let signed =
      Base64URL.encode(Array(#"{"alg":"HS256","kid":"k1"}"#.utf8)) + "." + Base64URL.encode(Array(factory.payload.utf8))
    var forged = [UInt8](
      HMAC<SHA256>.authenticationCode(
        for: Data(signed.utf8), using: SymmetricKey(data: factory.key.publicKey.rawRepresentation)))
    #expect(code(signed + "." + Base64URL.encode(forged), factory) == .malformed)
    forged += forged
    #expect(code(signed + "." + Base64URL.encode(forged), factory) == .unsupportedAlgorithm)
  }

  @Test("A key id of nobody, of another key, or none")
  func keyIDs() throws {
    let factory = TokenFactory()
    let unknown = try factory.sign(header: #"{"alg":"EdDSA","kid":"k2"}"#, payload: factory.payload)
    #expect(code(unknown, factory) == .unknownKey)
    #expect(code(try factory.sign(header: #"{"alg":"EdDSA"}"#, payload: factory.payload), factory) == .malformed)
    #expect(code(try TokenFactory().token(), factory) == .badSignature)
  }

  @Test("A header with crit is refused, whatever it lists", arguments: [#"["exp"]"#, "[]", "null"])
  func critical(value: String) throws {
    let factory = TokenFactory()
    let header = #"{"alg":"EdDSA","kid":"k1","crit":\#(value)}"#
    #expect(code(try factory.sign(header: header, payload: factory.payload), factory) == .malformed)
  }

  @Test("Expiry, with a leeway of ten seconds and no more")
  func expiry() throws {
    let factory = TokenFactory()
    let token = try factory.token()
    #expect(code(token, factory, now: 1_909) == nil)
    #expect(code(token, factory, now: 1_910) == .expired)
    #expect(code(token, factory, now: 990) == nil)
    #expect(code(token, factory, now: 989) == .notYetValid)
  }

  @Test("A cached token expires too")
  func cachedExpiry() throws {
    let factory = TokenFactory()
    let validator = factory.validator()
    let token = try factory.token()
    _ = try validator.verify(token, now: 1_100)
    #expect(throws: TokenError(.expired)) { try validator.verify(token, now: 1_910) }
  }

  @Test("nbf in the future is respected")
  func notBefore() throws {
    let factory = TokenFactory()
    let payload = factory.payload.dropLast() + #","nbf":1500}"#
    let token = try factory.sign(header: factory.header, payload: String(payload))
    #expect(code(token, factory, now: 1_100) == .notYetValid)
    #expect(code(token, factory, now: 1_500) == nil)
  }

  @Test("Another issuer, another audience")
  func names() throws {
    let factory = TokenFactory()
    var other = factory
    other.issuer = "https://issuer.example/"
    #expect(code(try other.token(), factory) == .wrongIssuer)
    other = factory
    other.audience = "caravan2"
    #expect(code(try other.token(), factory) == .wrongAudience)
  }

  @Test("A claim missing, null, or of another type", arguments: ["iss", "aud", "sub", "jti", "iat", "exp"])
  func claims(name: String) throws {
    let factory = TokenFactory()
    let missing = factory.payload.replacingOccurrences(of: "\"\(name)\":", with: "\"x\(name)\":")
    #expect(code(try factory.sign(header: factory.header, payload: missing), factory) == .malformed)
    for value in ["null", "{}", "true"] {
      let pattern = "\"\(name)\":(\"[^\"]*\"|[0-9]+)"
      let wrong = factory.payload.replacingOccurrences(
        of: pattern, with: "\"\(name)\":\(value)", options: .regularExpression)
      #expect(wrong != factory.payload)
      #expect(code(try factory.sign(header: factory.header, payload: wrong), factory) == .malformed)
    }
  }

  @Test("Times that are no times", arguments: ["-1", "1e300", "99999999999999999999"])
  func absurdTimes(value: String) throws {
    let factory = TokenFactory()
    let payload = factory.payload.replacingOccurrences(of: "\"exp\":1900", with: "\"exp\":\(value)")
    #expect(code(try factory.sign(header: factory.header, payload: payload), factory) == .malformed)
  }

  @Test("A huge token is refused unread")
  func huge() throws {
    let factory = TokenFactory()
    let payload = factory.payload.dropLast() + #","x":"\#(String(repeating: "x", count: 5_000))"}"#
    #expect(code(try factory.sign(header: factory.header, payload: String(payload)), factory) == .tooLarge)
    #expect(code(String(repeating: "a", count: 10_000_000), factory) == .tooLarge)
  }

  @Test(
    "What is no token at all",
    arguments: ["", ".", "..", "...", "a.b.c", "Bearer x", "é.é.é", "eyJ9.eyJ9.", "{}.{}.{}", " . . "])
  func garbage(text: String) { #expect(code(text, TokenFactory()) == .malformed) }

  @Test("Padding, white space and the other alphabet are refused")
  func looseEncodings() throws {
    let factory = TokenFactory()
    let token = try factory.token()
    for change in ["=", "==", "\n", " ", ".", "+"] {
      #expect(code(token + change, factory) != nil)
      #expect(code(change + token, factory) != nil)
    }
  }

  @Test("The cache stays within its bounds, and forgets what is not used")
  func bounded() throws {
    var factory = TokenFactory()
    let cache = VerifiedTokenCache(capacity: 64)
    let keys = factory.keys
    for number in 0..<1_000 {
      factory.tokenID = "t\(number)"
      var token = factory.tokenID
      let claims = AccessTokenClaims(subject: "s", tokenID: token, issuedAt: 0, expiresAt: 1)
      token.withUTF8 { cache.insert(.init(claims: claims, keys: keys), for: VerifiedTokenCache.Key($0)) }
    }
    #expect(cache.count <= 128)
    #expect(cache.count >= 16)
  }
}
