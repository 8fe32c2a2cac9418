import Billing
import ChatDomain
import Testing

/// Several workers share a budget through slices of one row a day, in every order of their steps, with crashes, lost answers and clocks that differ.
@Suite struct SpendTests {
  @Test("Spending never passes the budget, whatever the traffic, the interleaving and the crashes", arguments: 0..<40)
  func spendingNeverPassesTheBudget(block: Int) throws {
    for seed in block * 10..<(block + 1) * 10 {
      var run = try SpendRun(seed)
      run.run(steps: 2_000)
      #expect(run.problems.isEmpty, "seed \(seed): \(run.problems.first ?? "")")
    }
  }

  @Test("Steady traffic of one worker spends nearly all of the budget, and goes on the next day")
  func steadyTrafficOfOneWorkerSpends() throws {
    let governor = BudgetGovernor(budget: try #require(Budget("0.01/day")), prices: .nam5, usesFreeQuota: false)
    let start = BillingDay(of: .utc("2026-05-02", 19)).start
    var row: [BillingDay: BilledOperations] = [:]
    var slice = SpendSlice(governor: governor, now: start)
    for day in 0..<2 {
      let now = start + day * 86_400_000
      var charged = 0
      loop: while true {
        switch slice.charge(.write(heardBy: 1), now: now) {
        case .charged: charged += 1
        case .spent: break loop
        case .needsMore:
          guard let ask = slice.ask(for: .write(heardBy: 1), now: now) else {
            slice.read(row[slice.day] ?? .none, on: slice.day)
            continue
          }
          row[ask.day] = ask.new
          slice.answered(ask, .raised)
        }
      }
      #expect(charged == 4_166)
      #expect(slice.pace(now: now).takesLeases == false)
    }
  }

  @Test("A store with a row of a later day moves the worker's day on, and what it held is forfeited")
  func aStoreWithARowOf() throws {
    let governor = BudgetGovernor(budget: try #require(Budget("1/day")), prices: .nam5, usesFreeQuota: false)
    let now = Timestamp.utc("2026-05-02", 19)
    var slice = SpendSlice(governor: governor, now: now)
    slice.read(.none, on: slice.day)
    let firstAsk = slice.ask(for: .write(heardBy: 1), now: now)
    let ask = try #require(firstAsk)
    slice.answered(ask, .raised)
    #expect(slice.charge(.write(heardBy: 1), now: now) == .charged)
    slice.answered(ask, .dayIsOver(slice.day.next))
    #expect(slice.day.description == "2026-05-03")
    #expect(slice.charge(.write(heardBy: 1), now: now) == .needsMore)
    #expect(slice.left == .none)
  }
}

/// One run: up to five workers, of which each may have one call to the store under way.
struct SpendRun {
  struct Worker {
    var slice: SpendSlice
    /// Of its clock, milliseconds.
    var skew: Int
    var attempt = BilledOperations.write(heardBy: 1)
    var ask: SpendSlice.Ask?
    var answer: SpendAnswer?
  }

  let governor: BudgetGovernor
  var dice: Dice
  var now = Timestamp.utc("2026-05-02", 19)
  var rows: [BillingDay: BilledOperations] = [:]
  var spent: [BillingDay: BilledOperations] = [:]
  var workers: [Worker] = []
  var problems: [String] = []

  init(_ seed: Int) throws {
    dice = Dice(seed)
    let budget = ["0/day", "0.0005/day", "0.002/day", "0.05/day"][seed % 4]
    let book = try PriceBook(
      name: "test", title: "", readsPer100000: .dollars("0.06"), writesPer100000: .dollars("0.18"),
      deletesPer100000: .zero, storagePerGiBMonth: .zero, freePerDay: BilledOperations(70, 40), source: "",
      readOn: CivilDate(daysSince1970: 0))
    governor = BudgetGovernor(budget: try #require(Budget(budget)), prices: book, usesFreeQuota: seed % 3 != 0)
    for _ in 0...dice.below(5) { workers.append(worker()) }
  }

  private mutating func worker() -> Worker {
    let skew = dice.below(120_000) - 60_000
    return Worker(slice: SpendSlice(governor: governor, now: now + skew), skew: skew)
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps {
      now = now + (dice.chance(1) ? dice.below(20_000_000) : dice.below(2_000))
      let index = dice.below(workers.count)
      if dice.chance(1) {
        workers[index] = worker()
      } else {
        step(index)
      }
      for (day, operations) in spent where governor.cost(operations) > governor.budget.perDay {
        problems.append("\(day): \(operations) cost \(governor.cost(operations)) of \(governor.budget)")
      }
    }
  }

  private mutating func step(_ index: Int) {
    let clock = now + workers[index].skew
    if let ask = workers[index].ask {
      if let answer = workers[index].answer {
        // The answer may be lost on its way.
        if dice.chance(10) { workers[index].slice.failed(ask) } else { workers[index].slice.answered(ask, answer) }
        workers[index].ask = nil
        workers[index].answer = nil
      } else {
        workers[index].answer = store(ask)
      }
      return
    }
    if workers[index].slice.reserved == nil, dice.chance(80) {
      let day = workers[index].slice.day
      workers[index].slice.read(rows[day] ?? .none, on: day)
      return
    }
    let before = workers[index].slice.day
    switch workers[index].slice.charge(workers[index].attempt, now: clock) {
    case .charged:
      spent[workers[index].slice.day, default: .none] += workers[index].attempt
      workers[index].attempt = .write(heardBy: dice.below(4))
    case .needsMore: workers[index].ask = workers[index].slice.ask(for: workers[index].attempt, now: clock)
    case .spent: workers[index].attempt = .write(heardBy: dice.below(4))
    }
    if workers[index].slice.day < before { problems.append("a day went back") }
  }

  /// The store by its contract.
  private mutating func store(_ ask: SpendSlice.Ask) -> SpendAnswer {
    if let latest = rows.keys.max(), latest > ask.day { return .dayIsOver(latest) }
    let row = rows[ask.day] ?? .none
    guard row == ask.old else { return .outdated(row) }
    rows[ask.day] = ask.new
    return .raised
  }
}
