/// The most that may be spent in a billing day.
public struct Budget: Hashable, Sendable {
  public let perDay: Money

  public init(perDay: Money) { self.perDay = perDay }
}

extension Budget: LosslessStringConvertible {
  /// Parses dollars a day: `1.50/day`, `$1.50/day`, `0/day` (what is free, and no more). At most a million dollars; nil for anything else.
  public init?(_ description: String) {
    guard description.hasSuffix("/day"), let money = Money(String(description.dropLast(4))),
      money <= Money(nanodollars: 1_000_000_000_000_000)
    else { return nil }
    self.init(perDay: money)
  }

  public var description: String { "\(perDay)/day" }
}
