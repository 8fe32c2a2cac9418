import Aggregation
import ChatDomain
import Testing

@testable import Billing

/// Two days of talk in virtual time through the outlet, with every attempt charged to a slice of a budget that is far too small.
@Suite struct BudgetDayTests {
  @Test(
    "With a tenth of what the day would cost, spending stays within it to the operation, and the next day recovers",
    arguments: 0..<2)
  func withATenthOfWhatThe(seed: Int) throws {
    let free = try run(seed: seed, budget: Budget(perDay: Money(nanodollars: 1_000_000_000_000)))
    let cost = free.days.map { $0.cost }.min() ?? .zero
    let budget = Budget(perDay: cost.scaled(by: 1, over: 10))
    let day = try run(seed: seed, budget: budget)
    #expect(day.days.count == 2)
    for figures in day.days {
      #expect(figures.cost <= budget.perDay, "seed \(seed)")
      #expect(figures.cost >= budget.perDay.scaled(by: 9, over: 10), "seed \(seed)")
      #expect(figures.writesBeforeNoon > 0)
    }
    #expect(day.widest > .seconds(10))
    #expect(free.widest == .seconds(1))
  }

  struct Day {
    let cost: Money
    let writesBeforeNoon: Int
  }

  private func run(seed: Int, budget: Budget) throws -> (days: [Day], widest: TimeSpan) {
    var talk = BudgetedTalk(seed: seed, budget: budget)
    talk.run()
    let days = talk.meter.drain().map { day, figures in
      Day(cost: PriceBook.nam5.cost(of: figures.total), writesBeforeNoon: talk.morning[day] ?? 0)
    }
    // The last message belongs to a third day.
    return (Array(days.prefix(2)), talk.widest)
  }
}

/// Pairs of people who talk all day, and look at their chat whenever they may.
struct BudgetedTalk {
  var dice: Dice
  var outlet = Outlet(.mailbox, seed: 1)
  var slice: SpendSlice
  var meter: Meter
  var row: [BillingDay: BilledOperations] = [:]
  var now: Timestamp
  let begin: Timestamp
  var widest = TimeSpan.zero
  var morning: [BillingDay: Int] = [:]
  private var actions: [PushAction] = []
  private static let pairs = 2

  init(seed: Int, budget: Budget) {
    dice = Dice(seed)
    begin = BillingDay(of: .utc("2026-05-02", 19)).start
    now = begin
    meter = Meter(now: now)
    slice = SpendSlice(
      governor: BudgetGovernor(budget: budget, prices: .nam5, usesFreeQuota: false), now: now)
  }

  mutating func run() {
    var number = 0
    while now < begin + 2 * 86_400_000 {
      let later = now + 1 + dice.below(24_000)
      while let wake = outlet.wakeAt(), wake <= instant(later) {
        now = max(now, begin + Int(wake.milliseconds))
        settle()
      }
      now = later
      let pace = slice.pace(now: now)
      widest = max(widest, pace.minimumInterval)
      outlet.use(pace.windows)
      let pair = dice.below(BudgetedTalk.pairs)
      look(pair * 2, at: pair, ifNew: pace.takesLeases)
      look(pair * 2 + 1, at: pair, ifNew: pace.takesLeases)
      number += 1
      send(number, from: pair * 2 + dice.below(2), in: pair)
      settle()
    }
  }

  private mutating func send(_ number: Int, from sender: Int, in chat: Int) {
    meter.accepted(in: .number(chat), from: .number(sender), members: 2, deliveries: 1, now: now)
    let item = NewsItem(
      message: Message(
        id: TimeUUID(ticks: UInt64(number), tail: 0), chat: .number(chat), sender: .number(sender), text: "x"))
    outlet.deliver(item, to: .number(chat * 2 + (sender + 1) % 2), now: instant(now), &actions)
  }

  private mutating func look(_ person: Int, at chat: Int, ifNew mayBegin: Bool) {
    let isNew = outlet.baseLine(of: .number(person)) == nil
    guard mayBegin || !isNew else { return meter.refused(now: now) }
    if isNew {
      guard charge(BilledOperations(1, 0)) else { return }
      meter.attached(now: now)
    }
    let lease = Lease(user: .number(person), device: .number(person), channel: .firestore, viewing: [.number(chat)])
    _ = outlet.renew(lease, now: instant(now), &actions)
  }

  private mutating func settle() {
    outlet.advance(now: instant(now), &actions)
    while !actions.isEmpty {
      let work = actions
      actions = []
      for case .publish(let publication) in work {
        let isPaid = charge(.write(heardBy: 1))
        if isPaid {
          meter.attempted(isRetry: false, now: now)
          meter.succeeded(carrying: publication.aggregate.items.count, devices: 1, now: now)
          if now < slice.day.start + 43_200_000 { morning[slice.day, default: 0] += 1 }
        } else {
          meter.refused(now: now)
        }
        outlet.settled(publication.ticket, isPaid ? .published : .refused, now: instant(now), &actions)
      }
      outlet.advance(now: instant(now), &actions)
    }
  }

  private mutating func charge(_ operations: BilledOperations) -> Bool {
    while true {
      switch slice.charge(operations, now: now) {
      case .charged: return true
      case .spent: return false
      case .needsMore:
        if let ask = slice.ask(for: operations, now: now) {
          row[ask.day] = ask.new
          slice.answered(ask, .raised)
        } else {
          slice.read(row[slice.day] ?? .none, on: slice.day)
        }
      }
    }
  }

  private func instant(_ moment: Timestamp) -> Instant {
    Instant(milliseconds: moment.milliseconds - begin.milliseconds)
  }
}
