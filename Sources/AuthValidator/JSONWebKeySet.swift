import Crypto
import FoundationEssentials

/// Ed25519 public keys by id (RFC 7517 and 8037). Immutable, and a class so that "verified with the keys of now" is one comparison of references.
public final class JSONWebKeySet: Sendable {
  /// The 32 bytes of each key: swift-crypto's own type is not Sendable in all its versions, and making one costs a copy.
  private let keys: [String: [UInt8]]

  public static let empty = JSONWebKeySet([:])

  public init(_ keys: [String: Curve25519.Signing.PublicKey]) {
    self.keys = keys.mapValues { [UInt8]($0.rawRepresentation) }
  }

  /// More keys than that in one document are refused.
  public static let maximumKeys = 64

  /// Reads a JWKS document. Keys of other types or uses are ignored, as RFC 7517 asks; an Ed25519 key without an id, with a
  /// wrong length, or with the id of another makes the document unreadable.
  public convenience init(parsing document: some Collection<UInt8>) throws(JWKSError) {
    let bytes = [UInt8](document)
    guard JSONGuard.hasWellFormedStrings(bytes), let set = try? JSONDecoder().decode(Document.self, from: Data(bytes))
    else { throw JWKSError(.unreadable) }
    guard set.keys.count <= JSONWebKeySet.maximumKeys else { throw JWKSError(.unreadable) }
    var keys: [String: Curve25519.Signing.PublicKey] = [:]
    for key in set.keys where key.kty == "OKP" && key.crv == "Ed25519" && key.use ?? "sig" == "sig" {
      guard
        let id = key.kid, !id.isEmpty, keys[id] == nil,
        let bytes = key.x.flatMap({ Base64URL.decode($0) }),
        let parsed = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
      else { throw JWKSError(.unreadable) }
      keys[id] = parsed
    }
    self.init(keys)
  }

  public subscript(id: String) -> Curve25519.Signing.PublicKey? {
    keys[id].flatMap { try? Curve25519.Signing.PublicKey(rawRepresentation: $0) }
  }

  public var isEmpty: Bool { keys.isEmpty }

  public var ids: [String] { keys.keys.sorted() }

  /// Whether both hold the same keys under the same ids.
  public func hasSameKeys(as other: JSONWebKeySet) -> Bool { keys == other.keys }

  /// The JWKS document.
  public func document() -> [UInt8] {
    let listed = keys.sorted { $0.key < $1.key }.map { id, key in
      Key(kty: "OKP", crv: "Ed25519", use: "sig", alg: "EdDSA", kid: id, x: Base64URL.encode(key))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Strings only: encoding them cannot fail.
    return (try? encoder.encode(Document(keys: listed))).map { [UInt8]($0) } ?? []
  }

  /// The id of a key by RFC 7638: the thumbprint of its canonical JSON.
  public static func thumbprint(of key: Curve25519.Signing.PublicKey) -> String {
    let canonical = #"{"crv":"Ed25519","kty":"OKP","x":"\#(Base64URL.encode([UInt8](key.rawRepresentation)))"}"#
    return Base64URL.encode([UInt8](SHA256.hash(data: Data(canonical.utf8))))
  }

  private struct Document: Codable {
    let keys: [Key]
  }

  private struct Key: Codable {
    let kty: String
    let crv: String?
    let use: String?
    let alg: String?
    let kid: String?
    let x: String?
  }
}
