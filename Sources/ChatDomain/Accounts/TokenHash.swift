import Crypto

/// The SHA-256 of a secret: what stores keep of refresh tokens. Random tokens of 256 bits need no slow hash.
@frozen
public struct TokenHash: Sendable, Hashable {
  private let words: SIMD4<UInt64>

  public init(of secret: some Collection<UInt8>) {
    words = SHA256.hash(data: Array(secret)).withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
  }

  /// Exactly 32 bytes, or nil.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    words = Array(bytes).withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
  }

  public var bytes: [UInt8] { withUnsafeBytes(of: words) { [UInt8]($0) } }

  /// Takes the same time wherever the two differ.
  public static func == (a: TokenHash, b: TokenHash) -> Bool {
    let difference = a.words ^ b.words
    return difference[0] | difference[1] | difference[2] | difference[3] == 0
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(words[0]) }
}
