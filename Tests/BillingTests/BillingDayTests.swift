import ChatDomain
import Foundation
import Testing

@Suite struct BillingDayTests {
  @Test(
    "The day begins at midnight Pacific, with and without daylight saving",
    arguments: [
      (Timestamp.utc("2026-01-15", 7, 59, 59, ms: 999), "2026-01-14"), (.utc("2026-01-15", 8), "2026-01-15"),
      (.utc("2026-07-15", 6, 59, 59, ms: 999), "2026-07-14"), (.utc("2026-07-15", 7), "2026-07-15"),
      // The change to summer time: Sunday, 2026-03-08, 10:00 UTC.
      (.utc("2026-03-08", 7, 59, 59, ms: 999), "2026-03-07"), (.utc("2026-03-08", 8), "2026-03-08"),
      (.utc("2026-03-08", 9, 59, 59, ms: 999), "2026-03-08"), (.utc("2026-03-08", 10), "2026-03-08"),
      (.utc("2026-03-09", 6, 59, 59, ms: 999), "2026-03-08"), (.utc("2026-03-09", 7), "2026-03-09"),
      // And back: Sunday, 2026-11-01, 9:00 UTC.
      (.utc("2026-11-01", 6, 59, 59, ms: 999), "2026-10-31"), (.utc("2026-11-01", 7), "2026-11-01"),
      (.utc("2026-11-01", 9), "2026-11-01"), (.utc("2026-11-02", 7, 59, 59, ms: 999), "2026-11-01"),
      (.utc("2026-11-02", 8), "2026-11-02"),
      (.utc("2025-01-01", 7, 59, 59), "2024-12-31"), (.utc("2025-01-01", 8), "2025-01-01"),
      // The earliest and latest Sundays of the rule.
      (.utc("2026-11-01", 7), "2026-11-01"), (.utc("2020-11-02", 8), "2020-11-02"),
      (.utc("2021-11-08", 8), "2021-11-08"),
      (.utc("2021-03-14", 8), "2021-03-14"), (.utc("2021-03-15", 7), "2021-03-15"),
    ])
  func theDayBeginsAtMidnightPacific(moment: Timestamp, day: String) {
    #expect(BillingDay(of: moment).description == day)
  }

  @Test("A day lasts 23, 24 or 25 hours, and days follow without a gap")
  func aDayLastsHours() {
    func hours(_ day: String) -> Int64 {
      BillingDay(day).map { ($0.end.milliseconds - $0.start.milliseconds) / 3_600_000 } ?? 0
    }
    #expect(hours("2026-03-08") == 23)
    #expect(hours("2026-11-01") == 25)
    #expect(hours("2026-11-02") == 24)
    for number in -1_000..<40_000 {
      let day = BillingDay(number: number)
      #expect(BillingDay(of: day.start) == day)
      #expect(BillingDay(of: Timestamp(milliseconds: day.start.milliseconds - 1)).number == number - 1)
    }
  }

  @Test("It agrees with the time zone database since 2007")
  func itAgreesWithTheTimeZone() throws {
    let zone = try #require(TimeZone(identifier: "America/Los_Angeles"))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    for hour in stride(from: 0, to: 30 * 8_766, by: 7) {
      let moment = Timestamp.utc("2007-01-01", hour)
      let parts = calendar.dateComponents(
        [.year, .month, .day], from: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000))
      let expected = CivilDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
      try #require(BillingDay(of: moment).description == expected.description)
    }
  }

  @Test("The present day never goes back")
  func thePresentDayNeverGoesBack() {
    var ratchet = DayRatchet(.utc("2026-05-02", 12))
    #expect(ratchet.advance(to: .utc("2026-05-01", 12)) == false)
    #expect(ratchet.day.description == "2026-05-02")
    #expect(ratchet.advance(to: .utc("2026-05-03", 12)) == true)
    #expect(ratchet.day.description == "2026-05-03")
  }

  @Test(
    "A date is read from its form only",
    arguments: ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "", "٢٠٢٦-01-01"])
  func aDateIsReadFromIts(text: String) {
    #expect(BillingDay(text) == nil)
    #expect(BillingDay("2024-02-29")?.description == "2024-02-29")
  }
}
