/// The present billing day by a clock that may be set back: it never goes back (protocol, Servers 10).
public struct DayRatchet: Sendable {
  public private(set) var day: BillingDay

  public init(_ now: Timestamp) { day = BillingDay(of: now) }

  /// - Returns: whether a later day has begun.
  public mutating func advance(to now: Timestamp) -> Bool { advance(to: BillingDay(of: now)) }

  /// The same for a day that somebody else has seen begin.
  public mutating func advance(to other: BillingDay) -> Bool {
    guard other > day else { return false }
    day = other
    return true
  }
}
