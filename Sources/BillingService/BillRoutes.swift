import Billing
import ChatDomain
import HTTPServer

/// `GET /admin/bill`: what the billed channel has cost, and what it would have cost otherwise. For users whose stored record says that they are admins.
public struct BillRoutes: Sendable {
  /// Who calls; throws a `Problem` for nobody that we know.
  public typealias Authenticate = @Sendable (Request) async throws -> UserID

  private let spending: Spending
  private let directory: any UserDirectory
  private let isConfigured: Bool
  private let authenticate: Authenticate

  /// Days that are shown, at most.
  private static let days = 31

  /// - Parameter isConfigured: whether the billed channel is in use at all.
  public init(
    spending: Spending, directory: any UserDirectory, isConfigured: Bool, authenticate: @escaping Authenticate
  ) {
    self.spending = spending
    self.directory = directory
    self.isConfigured = isConfigured
    self.authenticate = authenticate
  }

  public func add(to routes: inout Routes) {
    routes.on(.GET, "/admin/bill") { [self] request in
      let caller = try await authenticate(request)
      guard try await directory.users([caller]).first?.isAdmin == true else {
        throw Problem("forbidden", status: .forbidden, title: "This is for admins")
      }
      return .json(bytes: try await bill().bytes)
    }
  }

  private func bill() async throws -> JSONBytes {
    let today = spending.today
    let first = BillingDay(number: today.number - BillRoutes.days + 1)
    let monthBegins = BillingDay(number: today.number - CivilDate(daysSince1970: today.number).day + 1)
    var days = Dictionary(
      try await spending.bills.days(from: min(first, monthBegins), through: today).map { ($0.day, $0.figures) },
      uniquingKeysWith: +)
    for (day, figures) in spending.pending() where day >= first { days[day, default: DayFigures()] += figures }
    let costs = BillCosts(spending.governor)
    let month = days.filter { $0.key >= monthBegins }

    var json = JSONBytes(reservingCapacity: 2_048 + days.count * 640)
    let (pace, prices) = (spending.pace, spending.governor.prices)
    json.raw(#"{"currency":"USD","prices":"#)
    json.prices(prices)
    json.raw(#","budget_per_day":"#)
    if let budget = spending.budget { json.dollars(budget.perDay) } else { json.raw("null") }
    json.raw(#","pressure":"#)
    json.raw(String(Double(pace.pressure) / 1_000_000).utf8)
    json.raw(#","takes_leases":"#)
    json.raw(pace.takesLeases ? "true" : "false")
    json.raw(#","configured":"#)
    json.raw(isConfigured ? "true" : "false")
    json.raw(#","today":"#)
    let figures = days[today] ?? DayFigures()
    json.day(today.description, figures, costs.of([figures]))
    json.raw(#","month":"#)
    json.day(
      String(today.description.prefix(7)), month.values.reduce(DayFigures(), +), costs.of(Array(month.values)))
    json.raw(#","days":["#)
    for (position, day) in days.keys.filter({ $0 >= first }).sorted().enumerated() {
      if position > 0 { json.raw(",") }
      let figures = days[day] ?? DayFigures()
      json.day(day.description, figures, costs.of([figures]))
    }
    json.raw("]}")
    return json
  }
}

/// What days come to. Each day has its own free quota, so a month is the sum of its days.
struct BillCosts {
  struct Sum {
    var own = Money.zero
    var total = Money.zero
    var perMessage = Money.zero
    var perWindow = Money.zero
  }

  private let governor: BudgetGovernor

  init(_ governor: BudgetGovernor) { self.governor = governor }

  func of(_ days: [DayFigures]) -> Sum {
    days.reduce(into: Sum()) { sum, figures in
      sum.own = sum.own + governor.cost(figures.own)
      sum.total = sum.total + governor.cost(figures.total)
      sum.perMessage = sum.perMessage + governor.cost(figures.perMessage)
      sum.perWindow = sum.perWindow + governor.cost(figures.perWindow)
    }
  }
}

extension JSONBytes {
  fileprivate mutating func dollars(_ money: Money) { string(String(money.description.filter { $0 != "$" })) }

  fileprivate mutating func member(_ name: StaticString, _ value: Int64) {
    raw(#",""#)
    raw(name)
    raw(#"":"#)
    integer(value)
  }

  fileprivate mutating func amount(_ name: StaticString, _ money: Money) {
    raw(#",""#)
    raw(name)
    raw(#"":"#)
    dollars(money)
  }

  fileprivate mutating func prices(_ prices: PriceBook) {
    raw(#"{"name":"#)
    string(prices.name)
    raw(#","title":"#)
    string(prices.title)
    raw(#","source":"#)
    string(prices.source)
    raw(#","read_on":"#)
    string(prices.readOn.description)
    amount("reads_per_100000", prices.readsPer100000)
    amount("writes_per_100000", prices.writesPer100000)
    amount("deletes_per_100000", prices.deletesPer100000)
    raw(#","free_per_day":{"reads":"#)
    integer(prices.freePerDay.reads)
    member("writes", prices.freePerDay.writes)
    member("deletes", prices.freePerDay.deletes)
    raw("}}")
  }

  fileprivate mutating func day(_ name: String, _ figures: DayFigures, _ cost: BillCosts.Sum) {
    raw(#"{"day":"#)
    string(name)
    member("messages", figures.messages)
    member("deliveries", figures.deliveries)
    member("suppressed", figures.suppressed)
    member("merged", figures.merged)
    member("attempts", figures.attempts)
    member("retries", figures.retries)
    member("successes", figures.successes)
    member("refused", figures.refused)
    member("listener_reads", figures.listenerReads)
    member("attach_reads", figures.attachReads)
    member("own_reads", figures.ownReads)
    member("deletes", figures.deletes)
    raw(#","cost":{"own":"#)
    dollars(cost.own)
    amount("expected", cost.total - cost.own)
    amount("total", cost.total)
    amount("per_1000_messages", figures.messages > 0 ? cost.total.scaled(by: 1_000, over: figures.messages) : .zero)
    amount("per_message_design", cost.perMessage)
    amount("per_window_design", cost.perWindow)
    raw("}}")
  }
}
