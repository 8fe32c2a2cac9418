// ChatDomain: identifiers, values, errors and the ports of Caravan. Pure: no clock, no IO.
// May import: the standard library, FoundationEssentials, Crypto (for UUIDv5's SHA-1).

/// The 128 bits of a UUID, most significant first. The common representation of every identifier.
@frozen
public struct UUIDBits: Hashable, Sendable, Comparable {
  /// Bytes 0 to 7, big-endian.
  public var high: UInt64
  /// Bytes 8 to 15, big-endian.
  public var low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// A random version 4 UUID.
  public static func random(using generator: inout some RandomNumberGenerator) -> UUIDBits {
    UUIDBits(
      high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
      low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
  }

  public static func random() -> UUIDBits {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  /// The version nibble.
  public var version: Int { Int(high >> 12 & 0xF) }

  @inlinable
  public static func < (a: UUIDBits, b: UUIDBits) -> Bool {
    a.high != b.high ? a.high < b.high : a.low < b.low
  }
}

extension UUIDBits {
  /// Parses the 36-character form in any case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let utf8 = text.utf8
    guard
      let bits = utf8.withContiguousStorageIfAvailable({ UUIDBits(text: $0) })
        ?? [UInt8](utf8).withUnsafeBufferPointer({ UUIDBits(text: $0) })
    else { return nil }
    self = bits
  }

  /// Every request carries several of them, hence over plain bytes.
  private init?(text: UnsafeBufferPointer<UInt8>) {
    guard text.count == 36 else { return nil }
    self.init(high: 0, low: 0)
    for (position, byte) in text.enumerated() {
      if position == 8 || position == 13 || position == 18 || position == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      if position < 18 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
    }
  }

  /// Exactly sixteen bytes, or nil.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (position, byte) in bytes.enumerated() {
      if position < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
    }
    self.init(high: high, low: low)
  }

  /// The sixteen bytes.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
      for position in 0..<8 {
        buffer[position] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * position))
        buffer[position + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * position))
      }
      count = 16
    }
  }
}

extension UUIDBits: CustomStringConvertible, LosslessStringConvertible {
  /// The 36-character form in lower case.
  public var description: String {
    String(unsafeUninitializedCapacity: 36) { buffer in
      var position = 0
      func put(_ word: UInt64, from first: Int, nibbles: Int) {
        for index in first..<first + nibbles {
          let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * index)) & 0xF
          buffer[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
          position += 1
        }
      }
      func hyphen() {
        buffer[position] = UInt8(ascii: "-")
        position += 1
      }
      put(high, from: 0, nibbles: 8)
      hyphen()
      put(high, from: 8, nibbles: 4)
      hyphen()
      put(high, from: 12, nibbles: 4)
      hyphen()
      put(low, from: 0, nibbles: 4)
      hyphen()
      put(low, from: 4, nibbles: 12)
      return 36
    }
  }

  public init?(_ description: String) {
    self.init(description[...])
  }
}
