/// A moment of a monotonic clock, in nanoseconds from an origin that only the caller knows.
///
/// Nothing here reads a clock: the same code runs in real time and in the virtual time of the traffic planner.
@frozen
public struct Instant: Hashable, Comparable, Sendable {
  /// Nanoseconds since the clock's origin.
  public let nanoseconds: Int64

  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// After every moment: a deadline that is not set.
  public static let never = Instant(nanoseconds: .max)
  /// Before every moment: something that has not happened yet.
  public static let distantPast = Instant(nanoseconds: .min)

  @inlinable
  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  /// Saturates at both ends, so that `never` and `distantPast` stay what they are.
  @inlinable
  public static func + (a: Instant, b: TimeSpan) -> Instant {
    if a == .distantPast { return a }
    let (sum, overflow) = a.nanoseconds.addingReportingOverflow(b.nanoseconds)
    return overflow ? (b.nanoseconds > 0 ? .never : .distantPast) : Instant(nanoseconds: sum)
  }

  /// How long after `b` this is; saturates.
  @inlinable
  public static func - (a: Instant, b: Instant) -> TimeSpan {
    let (difference, overflow) = a.nanoseconds.subtractingReportingOverflow(b.nanoseconds)
    return TimeSpan(nanoseconds: overflow ? (a > b ? .max : .min) : difference)
  }
}
