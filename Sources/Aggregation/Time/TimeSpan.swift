/// A length of time in nanoseconds.
@frozen
public struct TimeSpan: Hashable, Comparable, Sendable {
  public let nanoseconds: Int64

  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = TimeSpan(nanoseconds: 0)

  @inlinable
  public static func seconds(_ count: Int) -> TimeSpan { milliseconds(count * 1_000) }

  @inlinable
  public static func milliseconds(_ count: Int) -> TimeSpan { TimeSpan(nanoseconds: Int64(count) * 1_000_000) }

  @inlinable
  public static func < (a: TimeSpan, b: TimeSpan) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension TimeSpan: LosslessStringConvertible {
  /// Parses a whole number with its unit, `3s` or `250ms`; at most a day. nil for anything else.
  public init?(_ description: String) {
    let digits = description.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count <= 86_400_000 else { return nil }
    switch description[digits.endIndex...] {
    case "s" where count <= 86_400: self = .seconds(count)
    case "ms": self = .milliseconds(count)
    default: return nil
    }
  }

  public var description: String {
    let milliseconds = nanoseconds / 1_000_000
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}
