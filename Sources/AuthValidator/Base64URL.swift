/// Base64url without padding (RFC 4648, section 5), strictly: one text for one sequence of bytes. Anything else would let
/// one token have many spellings.
package enum Base64URL {
  /// nil for characters outside the alphabet, padding, white space, an impossible length, or set bits behind the last byte.
  package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    let length = text.count
    guard length % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(length * 3 / 4)
    var pending: UInt32 = 0
    var bits = 0
    for character in text {
      let value = values[Int(character)]
      guard value < 64 else { return nil }
      pending = pending << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(bits)))
        pending &= (1 << UInt32(bits)) - 1
      }
    }
    return pending == 0 ? bytes : nil
  }

  package static func decode(_ text: some StringProtocol) -> [UInt8]? { decode(Array(text.utf8)) }

  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    let length = (bytes.count * 4 + 2) / 3
    return String(unsafeUninitializedCapacity: length) { buffer in
      var pending: UInt32 = 0
      var bits = 0
      var position = 0
      for byte in bytes {
        pending = pending << 8 | UInt32(byte)
        bits += 8
        while bits >= 6 {
          bits -= 6
          buffer[position] = alphabet[Int(pending >> UInt32(bits)) & 63]
          position += 1
        }
        pending &= (1 << UInt32(bits)) - 1
      }
      if bits > 0 {
        buffer[position] = alphabet[Int(pending << UInt32(6 - bits)) & 63]
        position += 1
      }
      return position
    }
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// 255 where the byte is no character of the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()
}
