import Crypto
import Foundation
import Testing

@testable import AuthValidator

@Suite("Key sets")
struct KeySetTests {
  @Test("The thumbprint of RFC 8037, appendix A.3")
  func thumbprint() throws {
    let bytes = try #require(Base64URL.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
    let key = try Curve25519.Signing.PublicKey(rawRepresentation: bytes)
    #expect(JSONWebKeySet.thumbprint(of: key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")
  }

  @Test("A document reads back as the keys it was made of")
  func roundTrip() throws {
    let one = Curve25519.Signing.PrivateKey().publicKey
    let two = Curve25519.Signing.PrivateKey().publicKey
    let set = JSONWebKeySet(["a": one, "b": two])
    let read = try JSONWebKeySet(parsing: set.document())
    #expect(read.ids == ["a", "b"])
    #expect(read.hasSameKeys(as: set))
  }

  @Test("Keys of other types are ignored")
  func otherTypes() throws {
    let document =
      #"{"keys":[{"kty":"RSA","kid":"r","n":"x","e":"AQAB"},{"kty":"OKP","crv":"X25519","kid":"x","x":"AA"}]}"#
    #expect(try JSONWebKeySet(parsing: document.utf8).isEmpty)
  }

  @Test(
    "What cannot be read is refused",
    arguments: [
      "", "[]", "{}", #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"AAAA"}]}"#,
      #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
    ])
  func unreadable(document: String) {
    #expect(throws: JWKSError(.unreadable)) { try JSONWebKeySet(parsing: document.utf8) }
  }

  @Test("Base64url goes there and back for every length, and refuses second spellings")
  func base64() {
    for length in 0..<70 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ length) }
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
    for text in ["A", "AB", "AAB", "AA==", "A+", "A/", "A A", "AAAAA"] where text != "AA" {
      #expect(Base64URL.decode(text) == nil, "\(text)")
    }
    #expect(Base64URL.decode("AA") == [0])
  }
}
