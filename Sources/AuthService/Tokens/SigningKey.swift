import AuthValidator
import Crypto

/// An Ed25519 private key. Never shown: neither description nor dump holds it.
struct SigningKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// Kept as bytes: swift-crypto's own type is not Sendable in all its versions.
  let seed: [UInt8]
  let publicKey: [UInt8]
  /// RFC 7638 thumbprint of the public key.
  let id: String

  init() { self.init(Curve25519.Signing.PrivateKey()) }

  /// nil unless it is 32 bytes.
  init?(seed: [UInt8]) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else { return nil }
    self.init(key)
  }

  private init(_ key: Curve25519.Signing.PrivateKey) {
    seed = [UInt8](key.rawRepresentation)
    publicKey = [UInt8](key.publicKey.rawRepresentation)
    id = JSONWebKeySet.thumbprint(of: key.publicKey)
  }

  /// 64 bytes.
  func signature(for bytes: [UInt8]) throws -> [UInt8] {
    [UInt8](try Curve25519.Signing.PrivateKey(rawRepresentation: seed).signature(for: bytes))
  }

  var description: String { "SigningKey(\(id))" }
  var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
