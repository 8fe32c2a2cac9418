import AuthValidator
import Crypto
import FoundationEssentials

/// The keys that sign access tokens: the newest signs, all verify.
public struct SigningKeys: Sendable {
  /// Oldest first, never empty.
  let keys: [SigningKey]
  let newest: SigningKey

  /// How many are kept: a token outlives its key's turn by 15 minutes only, but other services may hold older key sets for a day.
  static let kept = 3

  /// One new key.
  public init() {
    newest = SigningKey()
    keys = [newest]
  }

  private init(_ keys: [SigningKey], newest: SigningKey) {
    self.keys = keys
    self.newest = newest
  }

  /// With a new key that signs from now on; the oldest go.
  public func rotated() -> SigningKeys {
    let key = SigningKey()
    return SigningKeys(keys.suffix(SigningKeys.kept - 1) + [key], newest: key)
  }

  /// What verifies their tokens.
  public var publicKeys: JSONWebKeySet {
    var set: [String: Curve25519.Signing.PublicKey] = [:]
    for key in keys { set[key.id] = try? Curve25519.Signing.PublicKey(rawRepresentation: key.publicKey) }
    return JSONWebKeySet(set)
  }
}

extension SigningKeys {
  private struct Document: Codable {
    struct Key: Codable {
      let kty: String
      let crv: String
      let x: String
      let d: String
    }

    let keys: [Key]
  }

  /// Reads the document that `document()` writes: a JWKS with private parts (RFC 8037), oldest first.
  /// - Throws: `.unreadable`.
  init(parsing document: [UInt8]) throws(SigningKeyError) {
    guard
      JSONGuard.hasWellFormedStrings(document),
      let parsed = try? JSONDecoder().decode(Document.self, from: Data(document))
    else { throw SigningKeyError(.unreadable, "it is not a JSON Web Key Set") }
    var keys: [SigningKey] = []
    for entry in parsed.keys {
      guard
        entry.kty == "OKP", entry.crv == "Ed25519", let seed = Base64URL.decode(entry.d),
        let key = SigningKey(seed: seed), Base64URL.encode(key.publicKey) == entry.x
      else { throw SigningKeyError(.unreadable, "key \(keys.count + 1) in it is not an Ed25519 key") }
      keys.append(key)
    }
    guard let newest = keys.last else { throw SigningKeyError(.unreadable, "it holds no key") }
    self.init(keys, newest: newest)
  }

  func document() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let document = Document(
      keys: keys.map {
        Document.Key(kty: "OKP", crv: "Ed25519", x: Base64URL.encode($0.publicKey), d: Base64URL.encode($0.seed))
      })
    // Strings only: encoding them cannot fail.
    return (try? encoder.encode(document)).map { [UInt8]($0) } ?? []
  }
}
