import AuthValidator

/// Secrets. The system's generator is a cryptographic one on every platform that Swift's `SystemRandomNumberGenerator` documents.
enum RandomText {
  static func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }

  /// 128 random bits as base64url.
  static func identifier() -> String { Base64URL.encode(bytes(16)) }

  /// 256 random bits as base64url.
  static func secret() -> String { Base64URL.encode(bytes(32)) }

  /// A password for people to copy: 99 random bits as four groups of five letters and digits that cannot be mistaken for each other.
  static func password() -> String {
    var generator = SystemRandomNumberGenerator()
    let alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    let groups = (0..<4).map { _ in String((0..<5).compactMap { _ in alphabet.randomElement(using: &generator) }) }
    return groups.joined(separator: "-")
  }
}
