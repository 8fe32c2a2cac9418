/// A version 1 UUID: the id of a message, and its place in the history.
///
/// Ordered by the 60-bit time, then by the last eight bytes as unsigned numbers; never by the text. (The ids that Caravan makes
/// have the top bit of those bytes clear, the variant's aside, so that comparing them as signed bytes gives the same order.)
@frozen
public struct TimeUUID: Hashable, Sendable {
  public let bits: UUIDBits

  /// nil unless the version is 1.
  public init?(_ bits: UUIDBits) {
    guard bits.version == 1 else { return nil }
    self.bits = bits
  }

  /// Parses the 36-character form in any case; nil if it is not a version 1 UUID.
  public init?(_ text: some StringProtocol) {
    guard let bits = UUIDBits(text) else { return nil }
    self.init(bits)
  }

  /// - Parameters:
  ///   - ticks: 100-nanosecond intervals since 1582-10-15 (60 bits).
  ///   - tail: the last eight bytes: variant, clock sequence and node.
  public init(ticks: UInt64, tail: UInt64) {
    let timeLow = ticks & 0xFFFF_FFFF
    let timeMid = ticks >> 32 & 0xFFFF
    let timeHigh = ticks >> 48 & 0x0FFF
    bits = UUIDBits(high: timeLow << 32 | timeMid << 16 | 0x1000 | timeHigh, low: tail)
  }

  /// `00000000-0000-1000-8000-000000000000`, before every message: where reading from the beginning starts.
  public static let beforeEverything = TimeUUID(ticks: 0, tail: 1 << 63)

  /// 100-nanosecond intervals since 1582-10-15.
  public var ticks: UInt64 {
    (bits.high & 0x0FFF) << 48 | (bits.high >> 16 & 0xFFFF) << 32 | bits.high >> 32
  }

  /// The last eight bytes.
  public var tail: UInt64 { bits.low }

  /// 100-nanosecond intervals between 1582-10-15 and 1970-01-01 (RFC 9562, section 5.1).
  public static let ticksBefore1970: UInt64 = 0x01B2_1DD2_1381_4000

  /// The moment in milliseconds since 1970; negative before it.
  public var milliseconds: Int64 {
    (Int64(bitPattern: ticks) - Int64(bitPattern: TimeUUID.ticksBefore1970)) / 10_000
  }
}

extension TimeUUID: Comparable {
  public static func < (a: TimeUUID, b: TimeUUID) -> Bool {
    let (ours, theirs) = (a.ticks, b.ticks)
    return ours != theirs ? ours < theirs : a.tail < b.tail
  }
}

extension TimeUUID: CustomStringConvertible {
  public var description: String { bits.description }
}

extension TimeUUID: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = TimeUUID(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "is no TimeUUID"))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
