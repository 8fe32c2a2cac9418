import ChatDomain

/// A worker's side of the shared budget: what it has reserved of `spend(day)` and not yet used (protocol, Servers 10).
///
/// An attempt is charged to the slice before it is made. When the slice is too small, `ask` says what to write into the store, and `answered` takes what
/// the store said. Nothing is given back: a crash, like the end of the day, forfeits what was left.
public struct SpendSlice: Sendable {
  /// One conditional update of the store's row.
  public struct Ask: Hashable, Sendable {
    public let day: BillingDay
    public let old: BilledOperations
    public let new: BilledOperations
  }

  public enum Charge: Hashable, Sendable {
    /// The attempt is paid for: make it.
    case charged
    /// The slice is too small: ask the store, then try again.
    case needsMore
    /// The day's budget does not allow it.
    case spent
  }

  public let governor: BudgetGovernor
  private var ratchet: DayRatchet
  /// Reserved and not charged.
  public private(set) var left = BilledOperations.none
  /// Charged by this worker today.
  public private(set) var charged = BilledOperations.none
  /// Reserved by all workers today, as far as is known here; nil before the store was read.
  public private(set) var reserved: BilledOperations?

  /// Attempts that are reserved at a time, at most.
  public static let largest: Int64 = 500
  /// A slice is at most this part of what is left, so that workers share the last of it, and a crash forfeits little.
  public static let part: Int64 = 16

  public init(governor: BudgetGovernor, now: Timestamp) {
    self.governor = governor
    ratchet = DayRatchet(now)
  }

  public var day: BillingDay { ratchet.day }

  /// Pays for an attempt, before it is made.
  public mutating func charge(_ attempt: BilledOperations, now: Timestamp) -> Charge {
    turn(now)
    if left.covers(attempt) {
      left -= attempt
      charged += attempt
      return .charged
    }
    guard let reserved else { return .needsMore }
    return governor.allows(attempt.beyond(left), after: reserved) ? .needsMore : .spent
  }

  /// What to ask the store for, so that `attempt` can be charged; nil if the budget does not allow it, or if the row must be read first (`reserved` is nil).
  public mutating func ask(for attempt: BilledOperations, now: Timestamp) -> Ask? {
    turn(now)
    guard let reserved else { return nil }
    let need = attempt.beyond(left)
    let count = min(SpendSlice.largest, governor.attemptsLeft(after: reserved) / SpendSlice.part)
    let usual = (BudgetGovernor.attempt * max(count, 0)).union(need)
    for wish in [usual, need] where governor.allows(wish, after: reserved) {
      return Ask(day: day, old: reserved, new: reserved + wish)
    }
    return nil
  }

  /// The store's row was read.
  public mutating func read(_ total: BilledOperations, on day: BillingDay) {
    if day == self.day { reserved = (reserved ?? .none).union(total) }
  }

  /// The store has answered. What it gave for a day that is over is forfeited.
  public mutating func answered(_ ask: Ask, _ answer: SpendAnswer) {
    switch answer {
    case .raised:
      guard ask.day == day else { return }
      left += ask.new - ask.old
      reserved = (reserved ?? .none).union(ask.new)
    case .outdated(let total): read(total, on: ask.day)
    case .dayIsOver(let later): turn(to: later)
    }
  }

  /// The store did not answer: whether it gave is not known, so the row has to be read again, and what it may have given is forfeited.
  public mutating func failed(_ ask: Ask) {
    if ask.day == day { reserved = nil }
  }

  /// How fast to go on, by what is known here.
  public mutating func pace(now: Timestamp) -> Pace {
    turn(now)
    let known = reserved ?? .none
    let pace = governor.pace(after: known - left, day: day, now: now)
    let begins = left.covers(BudgetGovernor.beginning) || governor.allows(BudgetGovernor.beginning, after: known)
    return Pace(windows: pace.windows, pressure: pace.pressure, takesLeases: begins)
  }

  private mutating func turn(_ now: Timestamp) { turn(to: BillingDay(of: now)) }

  private mutating func turn(to later: BillingDay) {
    guard ratchet.advance(to: later) else { return }
    left = .none
    charged = .none
    reserved = nil
  }
}
