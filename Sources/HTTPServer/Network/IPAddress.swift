/// An IPv4 or IPv6 address; IPv4 is kept as `::ffff:a.b.c.d`, so that both forms of one address are equal.
struct IPAddress: Sendable, Hashable {
  let high: UInt64
  let low: UInt64

  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  init(v4: UInt32) {
    self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(v4))
  }

  var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }
  var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

  /// With all bits after the first `bits` of 128 set to zero.
  func masked(to bits: Int) -> IPAddress {
    func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits)) }
    return IPAddress(high: high & mask(bits), low: low & mask(bits - 64))
  }
}

extension IPAddress {
  /// Parses dotted decimal IPv4, IPv6 in any form of RFC 4291, with or without brackets; a zone (`%eth0`) is dropped.
  init?(_ text: some StringProtocol) {
    var text = Substring(text)
    if text.hasPrefix("[") && text.hasSuffix("]") { text = text.dropFirst().dropLast() }
    if let zone = text.firstIndex(of: "%") { text = text[..<zone] }
    if let v4 = IPAddress.v4(text) {
      self.init(v4: v4)
    } else if let groups = IPAddress.v6(text) {
      let words = groups.map(UInt64.init)
      self.init(
        high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
        low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
    } else {
      return nil
    }
  }

  private static func v4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      // "010" is refused: some read it as octal.
      guard part.utf8.count <= 3, part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let octet = UInt8(part),
        part == "0" || !part.hasPrefix("0")
      else { return nil }
      value = value << 8 | UInt32(octet)
    }
    return value
  }

  private static func v6(_ text: Substring) -> [UInt16]? {
    guard text.contains(":") else { return nil }
    var halves: [[UInt16]] = []
    var rest = text
    while true {
      let gap = rest.range(of: "::")
      guard let groups = v6Groups(rest[..<(gap?.lowerBound ?? rest.endIndex)], isEnd: gap == nil) else { return nil }
      halves.append(groups)
      guard let gap else { break }
      rest = rest[gap.upperBound...]
    }
    switch halves.count {
    case 1: return halves[0].count == 8 ? halves[0] : nil
    case 2:
      let missing = 8 - halves[0].count - halves[1].count
      return missing >= 1 ? halves[0] + Array(repeating: 0, count: missing) + halves[1] : nil
    default: return nil
    }
  }

  /// - Parameter isEnd: an IPv4 address may stand for the last two groups.
  private static func v6Groups(_ text: Substring, isEnd: Bool) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if isEnd, index == parts.count - 1, part.contains("."), let tail = v4(part) {
        groups += [UInt16(tail >> 16), UInt16(tail & 0xFFFF)]
        continue
      }
      guard 1...4 ~= part.utf8.count, part.utf8.allSatisfy({ PercentCoding.hexDigit($0) != nil }),
        let group = UInt16(part, radix: 16)
      else { return nil }
      groups.append(group)
    }
    return groups
  }
}

extension Substring {
  /// Where `needle` first occurs, without Foundation.
  fileprivate func range(of needle: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
      start = index(after: start)
    }
    return nil
  }
}

extension IPAddress: CustomStringConvertible {
  /// RFC 5952: lower case, the longest run of zero groups shortened.
  var description: String {
    if isIPv4 { return "\(low >> 24 & 0xFF).\(low >> 16 & 0xFF).\(low >> 8 & 0xFF).\(low & 0xFF)" }
    let groups = (0..<8).map { index -> UInt64 in
      (index < 4 ? high : low) >> UInt64(48 - 16 * (index % 4)) & 0xFFFF
    }
    var gap = 0..<0
    var start = 0
    while start < 8 {
      let end = groups[start...].firstIndex { $0 != 0 } ?? 8
      if end - start > max(gap.count, 1) { gap = start..<end }
      start = end + 1
    }
    func joined(_ part: ArraySlice<UInt64>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    return gap.isEmpty
      ? joined(groups[...]) : "\(joined(groups[..<gap.lowerBound]))::\(joined(groups[gap.upperBound...]))"
  }
}
