import Aggregation
import ChatDomain

/// Keeps a day's spending within its budget (invariant 6), and slows down before the money is gone. Pure: everything it answers follows from what has been
/// reserved today, in whole operations, and from the time.
///
/// Free operations count by kind: a free read pays for no write.
public struct BudgetGovernor: Sendable {
  public let budget: Budget
  public let prices: PriceBook
  /// Whether the free quota is ours: it belongs to one database of the project only.
  public let usesFreeQuota: Bool
  /// Without any pressure.
  public let windows: Windows
  /// Under the utmost.
  public let widest: TimeSpan
  /// Typical attempts that a whole day's budget pays for.
  private let capacity: Int64

  /// A listener that attaches, and a first write that it reads: what must be left to begin with anybody.
  static let beginning = BilledOperations(reads: 2, writes: 1)
  /// What the rest of the budget is measured in: a write that one device reads.
  static let attempt = BilledOperations.write(heardBy: 1)
  /// Enough for every budget: no more attempts than that are told apart.
  static let most: Int64 = 1 << 40

  public init(
    budget: Budget, prices: PriceBook, usesFreeQuota: Bool, windows: Windows = .economical,
    widest: TimeSpan = .seconds(60)
  ) {
    self.budget = budget
    self.prices = prices
    self.usesFreeQuota = usesFreeQuota
    self.windows = windows
    self.widest = widest
    capacity = BudgetGovernor.attempts(within: budget, prices, usesFreeQuota, after: .none)
  }

  /// What a day's operations come to.
  public func cost(_ operations: BilledOperations) -> Money {
    usesFreeQuota ? prices.costOfDay(operations) : prices.cost(of: operations)
  }

  /// Whether so much more may be spent. Exact: the cost of all is at most the budget.
  public func allows(_ more: BilledOperations, after reserved: BilledOperations) -> Bool {
    cost(reserved + more) <= budget.perDay
  }

  /// Typical attempts that are left: one write that one device reads.
  public func attemptsLeft(after reserved: BilledOperations) -> Int64 {
    BudgetGovernor.attempts(within: budget, prices, usesFreeQuota, after: reserved)
  }

  /// How fast to go on. While what is left keeps up with what is left of the day nothing changes; as it falls behind, windows widen smoothly.
  public func pace(after reserved: BilledOperations, day: BillingDay, now: Timestamp) -> Pace {
    let pressure = pressure(left: attemptsLeft(after: reserved), day: day, now: now)
    return Pace(
      windows: Windows(
        viewing: widened(windows.viewing, pressure), elsewhere: widened(windows.elsewhere, pressure)),
      pressure: pressure, takesLeases: allows(BudgetGovernor.beginning, after: reserved))
  }

  /// With x = share of the attempts left ÷ share of the day left, at most 1: (1 - x)², so that it begins gently. In millionths.
  private func pressure(left: Int64, day: BillingDay, now: Timestamp) -> Int {
    let length = day.end.milliseconds - day.start.milliseconds
    let remaining = min(max(day.end.milliseconds - now.milliseconds, 1), length)
    guard capacity > 0 else { return 1_000_000 }
    let share = Int128(left) * Int128(length) * 1_000_000 / (Int128(capacity) * Int128(remaining))
    let gap = 1_000_000 - Int(min(share, 1_000_000))
    return gap * gap / 1_000_000
  }

  private func widened(_ policy: WindowPolicy, _ pressure: Int) -> WindowPolicy {
    var policy = policy
    policy.spacing = policy.spacing.map { widened($0, pressure) }
    policy.idle = policy.idle.map { widened($0, pressure) }
    policy.maxAge = policy.maxAge.map { widened($0, pressure) }
    return policy
  }

  private func widened(_ span: TimeSpan, _ pressure: Int) -> TimeSpan {
    guard span < widest else { return span }
    let room = Int128(widest.nanoseconds - span.nanoseconds) * Int128(pressure) / 1_000_000
    // In whole milliseconds, as timers are.
    return TimeSpan(nanoseconds: span.nanoseconds + Int64(room / 1_000_000) * 1_000_000)
  }

  /// The first attempts are free, the next need only one kind paid, the rest both.
  private static func attempts(
    within budget: Budget, _ prices: PriceBook, _ usesFreeQuota: Bool, after reserved: BilledOperations
  ) -> Int64 {
    let free = usesFreeQuota ? prices.freePerDay : .none
    var money = budget.perDay.nanodollars - prices.cost(of: reserved.beyond(free)).nanodollars
    guard money >= 0 else { return 0 }
    let (reads, writes) = (max(0, free.reads - reserved.reads), max(0, free.writes - reserved.writes))
    let (first, second) = (min(reads, writes), max(reads, writes))
    let single = (reads < writes ? prices.read : prices.write).nanodollars
    let both = (prices.read + prices.write).nanodollars
    let between = single == 0 ? second - first : min(second - first, money / single)
    if between < second - first { return min(most, first + between) }
    money -= between * single
    return both == 0 ? most : min(most, second + money / both)
  }
}
