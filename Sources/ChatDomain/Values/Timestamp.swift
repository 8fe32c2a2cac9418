/// A moment in milliseconds since 1970-01-01 UTC.
@frozen
public struct Timestamp: Hashable, Sendable, Comparable {
  public let milliseconds: Int64

  @inlinable
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.milliseconds < b.milliseconds }
}

extension Timestamp: CustomStringConvertible {
  /// ISO 8601 in UTC with milliseconds: `2026-11-25T09:30:00.125Z`. By arithmetic, because a formatter costs more than the rest of an answer.
  public var description: String {
    let (day, ofDay) = Timestamp.divide(milliseconds, by: 86_400_000)
    let date = CivilDate(daysSince1970: Int(day))

    return String(unsafeUninitializedCapacity: 24) { buffer in
      var position = 0
      func digits(_ value: Int64, _ count: Int, then separator: Character?) {
        var rest = value
        for offset in (0..<count).reversed() {
          buffer[position + offset] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
          rest /= 10
        }
        position += count
        if let byte = separator?.asciiValue {
          buffer[position] = byte
          position += 1
        }
      }
      digits(Int64(min(max(date.year, 0), 9999)), 4, then: "-")
      digits(Int64(date.month), 2, then: "-")
      digits(Int64(date.day), 2, then: "T")
      digits(ofDay / 3_600_000, 2, then: ":")
      digits(ofDay / 60_000 % 60, 2, then: ":")
      digits(ofDay / 1_000 % 60, 2, then: ".")
      digits(ofDay % 1_000, 3, then: "Z")
      return position
    }
  }

  private static func divide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let remainder = (value % divisor + divisor) % divisor
    return ((value - remainder) / divisor, remainder)
  }
}

extension Timestamp: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
