/// Looks at JSON before Foundation's decoder does.
///
/// Why: swift-foundation's JSONDecoder (6.0) stops the *process* when a key of an object is a malformed string: a raw control character, an unknown
/// escape, half a surrogate pair, or bytes that are no UTF-8. Nothing that comes from outside may reach it unseen.
package enum JSONGuard {
  /// Whether the bytes are UTF-8 and every string in them is well formed. Says nothing about the rest of the grammar.
  package static func hasWellFormedStrings(_ bytes: [UInt8]) -> Bool {
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    var position = 0
    while position < bytes.count {
      defer { position += 1 }
      guard bytes[position] == UInt8(ascii: "\"") else { continue }
      position += 1
      guard let end = endOfString(bytes, from: position) else { return false }
      position = end
    }
    return true
  }

  /// Where the closing quote is, or nil.
  private static func endOfString(_ bytes: [UInt8], from start: Int) -> Int? {
    var position = start
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""): return position
      case 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let next = endOfEscape(bytes, from: position + 1) else { return nil }
        position = next
      default: position += 1
      }
    }
    return nil
  }

  /// Where the text goes on after an escape whose backslash stands before `start`, or nil.
  private static func endOfEscape(_ bytes: [UInt8], from start: Int) -> Int? {
    guard start < bytes.count else { return nil }
    guard bytes[start] == UInt8(ascii: "u") else {
      return #""\/bfnrt"#.utf8.contains(bytes[start]) ? start + 1 : nil
    }
    guard let unit = codeUnit(bytes, from: start + 1) else { return nil }
    switch unit {
    case 0xD800..<0xDC00:
      guard
        start + 6 < bytes.count, bytes[start + 5] == UInt8(ascii: "\\"), bytes[start + 6] == UInt8(ascii: "u"),
        let low = codeUnit(bytes, from: start + 7), 0xDC00..<0xE000 ~= low
      else { return nil }
      return start + 11
    case 0xDC00..<0xE000: return nil
    default: return start + 5
    }
  }

  private static func codeUnit(_ bytes: [UInt8], from start: Int) -> UInt16? {
    guard start + 4 <= bytes.count else { return nil }
    var unit: UInt16 = 0
    for byte in bytes[start..<start + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }
}
