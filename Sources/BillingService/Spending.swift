// BillingService: counts what the billed channel costs, holds it within the budget, and shows the bill.
// May import: ChatDomain, Aggregation, Billing, HTTPServer, Metrics, Logging. No adapter.

import Aggregation
import Billing
import ChatDomain
import Logging
import Metrics
import Synchronization

/// The account of the billed channel in this process: every attempt is charged here before it is made.
///
/// What is counted is added to the stored figures every few seconds, and at the end; what the budget allows is reserved beforehand, in slices of the day's
/// row, so that a crash can lose figures of seconds but never lets more be spent.
public final class Spending: Sendable {
  struct LeaseKey: Hashable {
    let user: UserID
    let device: DeviceID
  }

  struct Core {
    var meter: Meter
    var slice: SpendSlice
    /// Devices that are known to listen, until when: milliseconds since 1970.
    var listeners: [LeaseKey: Int64] = [:]
    /// Deliveries of this process, and those of them that are counted as suppressed.
    var deliveries: UInt64 = 0
    var suppressed: UInt64 = 0
    /// New listeners of each user.
    var attaches: KeyedTokenBuckets<UserID>?
    /// Of this process, as far as it was stored.
    var stored = DayFigures()
  }

  let governor: BudgetGovernor
  /// nil: no limit was set.
  let budget: Budget?
  let bills: any BillStore
  private let spend: any SpendStore
  private let now: @Sendable () -> Timestamp
  private let logger: Logger
  private let core: Mutex<Core>

  /// Listeners that are remembered; those beyond are taken for new ones at each renewal, which overstates what is read.
  private static let knownListeners = 200_000
  /// Tries to get a slice that others contend for, before an attempt is given up for now.
  private static let tries = 64
  /// Listeners of one user that attach in a burst, and how often one more may: each costs a read, and everybody shares the budget.
  private static let attachBurst = 30
  private static let attachInterval = Duration.seconds(60)

  /// - Parameters:
  ///   - budget: nil for none.
  ///   - limitsAttaching: whether the listeners that one user may attach are limited.
  public init(
    budget: Budget?, limitsAttaching: Bool = true, prices: PriceBook, usesFreeQuota: Bool, windows: Windows,
    spend: any SpendStore,
    bills: any BillStore, metrics: MetricsRegistry, logger: Logger, now: @escaping @Sendable () -> Timestamp
  ) {
    self.budget = budget
    self.spend = spend
    self.bills = bills
    self.now = now
    self.logger = logger
    governor = BudgetGovernor(
      budget: budget ?? Spending.unlimited, prices: prices, usesFreeQuota: usesFreeQuota, windows: windows)
    core = Mutex(Core(meter: Meter(now: now()), slice: SpendSlice(governor: governor, now: now())))
    if limitsAttaching {
      core.withLock { core in
        core.attaches = KeyedTokenBuckets(capacity: Spending.attachBurst, interval: Spending.attachInterval)
      }
    }
    addFigures(to: metrics)
    metrics.gauge("caravan_budget_pressure", help: "How far windows are widened because money is short: 0 to 1.") {
      [weak self] in Double(self?.pace.pressure ?? 0) / 1_000_000
    }
  }

  /// The largest amount that `Budget` takes.
  private static let unlimited = Budget(perDay: Money(nanodollars: 1_000_000_000_000_000))

  /// How fast money may be spent now.
  public var pace: Pace {
    let now = now()
    return core.withLock { $0.slice.pace(now: now) }
  }

  // MARK: - Leases

  /// What becomes of a lease.
  public enum Admission: Sendable, Hashable {
    case taken
    /// The day's budget is spent.
    case spent
    /// Not now: the store does not answer, or the user attaches too often.
    case later
  }

  /// Whether a lease on the billed channel is taken; a device that is new there is expected to attach, and charged for it.
  public func admits(_ lease: Lease, lasting seconds: Int) async -> Admission {
    let (key, moment) = (LeaseKey(user: lease.user, device: lease.device), now())
    let until = moment.milliseconds + Int64(seconds) * 1_000
    let isKnown = core.withLock { core in
      guard let known = core.listeners[key], known > moment.milliseconds else { return false }
      core.listeners[key] = until
      return true
    }
    if isKnown { return pace.takesLeases ? .taken : .spent }
    let mayAttach = core.withLock { core in
      core.attaches?.take(lease.user, now: UInt64(max(0, moment.milliseconds)) * 1_000_000) == nil
    }
    guard mayAttach else { return .later }
    let payment = pace.takesLeases ? await pay(for: BilledOperations(reads: 1)) : .spent
    core.withLock { core in
      guard payment == .paid else { return core.meter.refused(now: moment) }
      core.meter.attached(now: moment)
      if core.listeners.count < Spending.knownListeners { core.listeners[key] = until }
    }
    return payment == .paid ? .taken : payment == .spent ? .spent : .later
  }

  /// Devices that listened before this process began.
  public func knows(_ leases: [StoredLease]) {
    core.withLock { core in
      for stored in leases.prefix(Spending.knownListeners) {
        let key = LeaseKey(user: stored.lease.user, device: stored.lease.device)
        core.listeners[key] = stored.expiresAt.milliseconds
      }
    }
  }

  /// A device has gone; its next lease attaches anew.
  /// - Returns: whether it was known to listen.
  @discardableResult
  public func left(device: DeviceID, of user: UserID) -> Bool {
    core.withLock { $0.listeners.removeValue(forKey: LeaseKey(user: user, device: device)) != nil }
  }

  // MARK: - Charging

  private enum Payment {
    case paid, spent
    /// The store does not answer, or others are always faster.
    case unavailable
  }

  /// Charges the slice, and asks the store for more as often as that has to be.
  private func pay(for operations: BilledOperations) async -> Payment {
    for _ in 0..<Spending.tries {
      let moment = now()
      let (charge, ask, isRead, day) = core.withLock { core in
        let charge = core.slice.charge(operations, now: moment)
        let ask = charge == .needsMore ? core.slice.ask(for: operations, now: moment) : nil
        return (charge, ask, core.slice.reserved != nil, core.slice.day)
      }
      switch charge {
      case .charged: return .paid
      case .spent: return .spent
      case .needsMore:
        guard isRead else {
          if await read(day) { continue }
          return .unavailable
        }
        guard let ask else { return .spent }
        guard await reserve(ask) else { return .unavailable }
      }
    }
    return .unavailable
  }

  private func read(_ day: BillingDay) async -> Bool {
    do {
      let total = try await spend.reserved(on: day)
      core.withLock { $0.slice.read(total, on: day) }
      return true
    } catch {
      logger.warning("the day's spending cannot be read", metadata: ["reason": "\(error)"])
      return false
    }
  }

  private func reserve(_ ask: SpendSlice.Ask) async -> Bool {
    do {
      let answer = try await spend.raise(on: ask.day, from: ask.old, to: ask.new)
      core.withLock { $0.slice.answered(ask, answer) }
      return true
    } catch {
      core.withLock { $0.slice.failed(ask) }
      logger.warning("nothing can be reserved of the budget", metadata: ["reason": "\(error)"])
      return false
    }
  }

  // MARK: - Figures

  /// Adds what was counted to the stored figures, and forgets listeners that have gone.
  /// - Parameter taken: deliveries that reached somebody who looks, since the start: all others the gate suppressed.
  public func flush(taken: UInt64) async {
    let moment = now()
    let parts = core.withLock { core in
      core.accountForSuppressed(taken: taken, now: moment)
      core.listeners = core.listeners.filter { $0.value > moment.milliseconds }
      return core.meter.drain()
    }
    guard !parts.isEmpty else { return }
    do {
      try await bills.add(parts)
      core.withLock { core in for (_, figures) in parts { core.stored += figures } }
    } catch {
      core.withLock { $0.meter.restore(parts) }
      logger.warning("the bill cannot be stored", metadata: ["reason": "\(error)"])
    }
  }

  /// Since the start of this process.
  private var total: DayFigures {
    core.withLock { core in core.meter.snapshot().reduce(core.stored) { $0 + $1.figures } }
  }

  private func addFigures(to metrics: MetricsRegistry) {
    let counts: [(name: String, help: String, any KeyPath<DayFigures, Int64> & Sendable)] = [
      ("writes", "Mailbox writes charged, since the start.", \.attempts),
      ("retries", "Those of them that repeated one before.", \.retries),
      ("listener_reads", "Reads expected of listeners.", \.listenerReads),
      ("attach_reads", "Reads expected of listeners that attach.", \.attachReads),
      ("suppressed", "Deliveries for which nobody looked on Firestore.", \.suppressed),
      ("merged", "Deliveries that needed no write of their own.", \.merged),
    ]
    for (name, help, figure) in counts {
      metrics.gauge("caravan_bill_\(name)", help: help) { [weak self] in Double(self?.total[keyPath: figure] ?? 0) }
    }
    let designs: [(name: String, any KeyPath<DayFigures, BilledOperations> & Sendable)] = [
      ("caravan", \.total), ("document_per_message", \.perMessage), ("document_per_window", \.perWindow),
    ]
    let prices = governor.prices
    for (name, operations) in designs {
      metrics.gauge(
        "caravan_bill_dollars", help: "What this traffic costs and would have cost, at list prices.",
        labels: ["design": name]
      ) { [weak self] in
        Double(prices.cost(of: self?.total[keyPath: operations] ?? .none).nanodollars) / 1e9
      }
    }
  }

  /// What is not stored yet.
  func pending() -> [(day: BillingDay, figures: DayFigures)] { core.withLock { $0.meter.snapshot() } }

  var today: BillingDay { BillingDay(of: now()) }
}

extension Spending.Core {
  /// Deliveries that are still on their way to the gate may count too early, and are made up for with the next call.
  fileprivate mutating func accountForSuppressed(taken: UInt64, now: Timestamp) {
    let due = deliveries - min(deliveries, taken)
    guard due > suppressed else { return }
    meter.suppressed(Int(due - suppressed), now: now)
    suppressed = due
  }
}

extension Spending: WriteAccount {
  public func charge(_ attempts: [WriteAttempt]) async -> Int {
    for (position, attempt) in attempts.enumerated() {
      guard await pay(for: .write(heardBy: attempt.devices)) == .paid else {
        let moment = now()
        core.withLock { core in
          for _ in position..<attempts.count { core.meter.refused(now: moment) }
        }
        return position
      }
      let moment = now()
      core.withLock { $0.meter.attempted(isRetry: attempt.isRetry, now: moment) }
    }
    return attempts.count
  }

  public func answered(_ attempt: WriteAttempt, isWritten: Bool) {
    guard isWritten else { return }
    let moment = now()
    core.withLock { $0.meter.succeeded(carrying: attempt.messages, devices: attempt.devices, now: moment) }
  }
}

/// Counts the traffic on its way to the push role.
public struct MeteredReceiver: DeliveryReceiver {
  private let spending: Spending
  private let receiver: any DeliveryReceiver

  public init(_ receiver: any DeliveryReceiver, spending: Spending) {
    self.receiver = receiver
    self.spending = spending
  }

  public func receive(_ deliveries: [Delivery]) {
    spending.note(deliveries)
    receiver.receive(deliveries)
  }
}

extension Spending {
  fileprivate func note(_ deliveries: [Delivery]) {
    let moment = now()
    core.withLock { core in
      for delivery in deliveries {
        guard case .message(let message) = delivery.news else { continue }
        let recipients = delivery.recipients.count
        core.deliveries += UInt64(recipients)
        core.meter.accepted(
          in: message.chat, from: message.sender, members: recipients, deliveries: recipients, now: moment)
      }
    }
  }
}
