import Aggregation
import Billing
import ChatDomain
import Testing

@Suite struct BudgetTests {
  let day = BillingDay(of: .utc("2026-05-02", 19))

  private func governor(_ budget: String, free: Bool = false) throws -> BudgetGovernor {
    BudgetGovernor(budget: try #require(Budget(budget)), prices: .nam5, usesFreeQuota: free)
  }

  @Test("The last attempt that fits is allowed, and the next is not")
  func theLastAttemptThatFitsIs() throws {
    // A write and a read are 2,400 nanodollars.
    let governor = try governor("0.0000240/day")
    #expect(governor.attemptsLeft(after: .none) == 10)
    #expect(governor.allows(.write(heardBy: 1), after: BilledOperations(9, 9)))
    #expect(!governor.allows(.write(heardBy: 1), after: BilledOperations(10, 10)))
    #expect(governor.attemptsLeft(after: BilledOperations(10, 10)) == 0)
  }

  @Test("The attempts that are left are those that are allowed one after another", arguments: 0..<20)
  func theAttemptsThatAreLeftAre(seed: Int) throws {
    var dice = Dice(seed)
    let prices = try PriceBook(
      name: "test", title: "", readsPer100000: Money(nanodollars: Int64(dice.below(4)) * 100_000),
      writesPer100000: Money(nanodollars: Int64(dice.below(4)) * 100_000), deletesPer100000: .zero,
      storagePerGiBMonth: .zero, freePerDay: BilledOperations(Int64(dice.below(40)), Int64(dice.below(40))), source: "",
      readOn: CivilDate(daysSince1970: 0))
    for usesFreeQuota in [true, false] {
      for _ in 0..<50 {
        let governor = BudgetGovernor(
          budget: Budget(perDay: Money(nanodollars: Int64(dice.below(100)))), prices: prices,
          usesFreeQuota: usesFreeQuota)
        let reserved = BilledOperations(Int64(dice.below(60)), Int64(dice.below(60)))
        var count: Int64 = 0
        while count < 300, governor.allows(.write(heardBy: 1) * (count + 1), after: reserved) { count += 1 }
        #expect(min(governor.attemptsLeft(after: reserved), 300) == count, "seed \(seed)")
      }
    }
  }

  @Test("A budget of nothing uses what is free, by kind")
  func aBudgetOfNothingUsesWhat() throws {
    let governor = try governor("0/day", free: true)
    #expect(governor.attemptsLeft(after: .none) == 20_000)
    #expect(governor.allows(BilledOperations(50_000, 20_000), after: .none))
    #expect(!governor.allows(BilledOperations(0, 20_001), after: .none))
    #expect(try self.governor("0/day").attemptsLeft(after: .none) == 0)
    #expect(try !self.governor("0/day").pace(after: .none, day: day, now: day.start).takesLeases)
  }

  @Test("Without pressure windows are as they were; at the end they are a minute, and leases are refused")
  func withoutPressureWindowsAreAsThey() throws {
    let governor = try governor("1.50/day")
    let calm = governor.pace(after: .none, day: day, now: day.start)
    #expect(calm.windows == .economical)
    #expect(calm.pressure == 0 && calm.takesLeases)
    let gone = BilledOperations(625_000, 625_000)
    let end = governor.pace(after: gone, day: day, now: day.start)
    #expect(end.minimumInterval == .seconds(60))
    #expect(end.windows.elsewhere.maxAge == .seconds(60))
    #expect(!end.takesLeases)
    // Half of the money gone at noon is on time.
    let noon = Timestamp(milliseconds: (day.start.milliseconds + day.end.milliseconds) / 2)
    #expect(governor.pace(after: BilledOperations(312_500, 312_500), day: day, now: noon).pressure == 0)
  }

  @Test("Windows never narrow as more is spent, and never widen as the day goes on; the steps are small")
  func windowsNeverNarrowAsMoreIs() throws {
    for (text, free) in [("1.50/day", false), ("0.01/day", true), ("0/day", true)] {
      let governor = try governor(text, free: free)
      let capacity = governor.attemptsLeft(after: .none)
      for quarter in 0..<4 {
        let now = day.start + quarter * 21_600_000
        var last = TimeSpan.zero
        for step in 0...1_000 {
          let spent = BilledOperations.write(heardBy: 1) * (capacity * Int64(step) / 1_000)
          let interval = governor.pace(after: spent, day: day, now: now).minimumInterval
          #expect(interval >= last)
          if step > 0 { #expect(interval.nanoseconds - last.nanoseconds < 600_000_000) }
          last = interval
        }
        #expect(last == .seconds(60))
      }
      let spent = BilledOperations.write(heardBy: 1) * (capacity * 3 / 4)
      var last = TimeSpan.seconds(61)
      for hour in 0..<24 {
        let interval = governor.pace(after: spent, day: day, now: day.start + hour * 3_600_000).minimumInterval
        #expect(interval <= last)
        last = interval
      }
    }
  }

  @Test("Windows wider than a minute stay as they are")
  func windowsWiderThanAMinuteStay() throws {
    let windows = Windows(viewing: .leading(.seconds(1)), elsewhere: .fixed(.seconds(90)))
    let governor = BudgetGovernor(
      budget: try #require(Budget("1/day")), prices: .nam5, usesFreeQuota: false, windows: windows)
    let pace = governor.pace(after: BilledOperations(0, 1_000_000), day: day, now: day.start)
    #expect(pace.windows.elsewhere.maxAge == .seconds(90))
  }
}
