/// A day as Firestore counts its free quota and Caravan its budget: from midnight to midnight US Pacific time.
///
/// Pacific time is UTC-8, and UTC-7 from the second Sunday of March, 2:00, to the first Sunday of November, 2:00: the rule in force since 2007, here
/// applied to every year.
public struct BillingDay: Hashable, Sendable, Comparable {
  /// Days from 1970-01-01 to this date.
  public let number: Int

  public init(number: Int) { self.number = number }

  /// The day that a moment belongs to.
  public init(of moment: Timestamp) {
    let standard = BillingDay.divide(moment.milliseconds - 8 * BillingDay.hour, by: 24 * BillingDay.hour)
    let year = CivilDate(daysSince1970: standard).year
    let inSummer =
      moment.milliseconds >= BillingDay.summerBegin(year) && moment.milliseconds < BillingDay.summerEnd(year)
    number =
      inSummer
      ? BillingDay.divide(moment.milliseconds - 7 * BillingDay.hour, by: 24 * BillingDay.hour) : standard
  }

  /// Its first millisecond.
  public var start: Timestamp {
    let year = CivilDate(daysSince1970: number).year
    let midnight = Int64(number) * 24 * BillingDay.hour
    // Both changes are at 2:00, so midnight is never ambiguous.
    let summer = midnight + 7 * BillingDay.hour
    let inSummer = summer >= BillingDay.summerBegin(year) && summer < BillingDay.summerEnd(year)
    return Timestamp(milliseconds: inSummer ? summer : midnight + 8 * BillingDay.hour)
  }

  /// The first millisecond after it: 23, 24 or 25 hours after its start.
  public var end: Timestamp { next.start }
  public var next: BillingDay { BillingDay(number: number + 1) }

  public static func < (a: BillingDay, b: BillingDay) -> Bool { a.number < b.number }

  private static let hour: Int64 = 3_600_000

  /// 2:00 standard time, which is 10:00 UTC, on the second Sunday of March.
  private static func summerBegin(_ year: Int) -> Int64 {
    Int64(sunday(onOrAfter: CivilDate(year: year, month: 3, day: 8))) * 24 * hour + 10 * hour
  }

  /// 2:00 summer time, which is 9:00 UTC, on the first Sunday of November.
  private static func summerEnd(_ year: Int) -> Int64 {
    Int64(sunday(onOrAfter: CivilDate(year: year, month: 11, day: 1))) * 24 * hour + 9 * hour
  }

  private static func sunday(onOrAfter date: CivilDate) -> Int {
    // 1970-01-04 was a Sunday.
    let day = date.daysSince1970
    return day + (7 - ((day - 3) % 7 + 7) % 7) % 7
  }

  private static func divide(_ value: Int64, by divisor: Int64) -> Int {
    Int((value - (value % divisor + divisor) % divisor) / divisor)
  }
}

extension BillingDay: LosslessStringConvertible, Codable {
  /// Parses the form of `description`.
  public init?(_ description: String) {
    guard let date = CivilDate(description) else { return nil }
    self.init(number: date.daysSince1970)
  }

  /// `2026-11-28`
  public var description: String { CivilDate(daysSince1970: number).description }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let day = BillingDay(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "is no date"))
    }
    self = day
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
