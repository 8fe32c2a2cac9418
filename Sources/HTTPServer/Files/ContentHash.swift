import NIOCore

/// A 128-bit fingerprint of a file for its `ETag`. Against accidents, not against attackers: the files are ours.
enum ContentHash {
  /// FNV-1a (Fowler, Noll, Vo) twice, from two starting points, with the length mixed in; 32 hex digits.
  static func of(_ bytes: ByteBuffer) -> String {
    var first: UInt64 = 0xCBF2_9CE4_8422_2325
    var second = first ^ UInt64(bytes.readableBytes) &* 0x9E37_79B9_7F4A_7C15
    for byte in bytes.readableBytesView {
      first = (first ^ UInt64(byte)) &* 0x100_0000_01B3
      second = (second ^ UInt64(byte) ^ second >> 32) &* 0x100_0000_01B3
    }
    return hex(first) + hex(second)
  }

  private static func hex(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
