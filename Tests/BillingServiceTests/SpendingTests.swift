import Aggregation
import Billing
import ChatDomain
import ChatStoreSQLite
import Logging
import Metrics
import SQLiteEngine
import Synchronization
import TestSupport
import Testing

@testable import BillingService

@Suite("Spending")
struct SpendingTests {
  private let folder: TemporaryFolder
  private let database: SQLiteDatabase
  private let clock = SteppingClock()

  init() async throws {
    folder = try TemporaryFolder()
    database = try SQLiteDatabase(path: folder.path + "/spend.db")
    try await database.migrate(module: SQLiteChatSchema.module, SQLiteChatSchema.migrations)
  }

  /// - Parameter budget: nil for none.
  private func spending(_ budget: String?) -> Spending {
    let clock = clock
    return Spending(
      budget: budget.flatMap { Budget($0) }, prices: .nam5, usesFreeQuota: false, windows: .economical,
      spend: SQLiteSpendStore(database: database), bills: SQLiteBillStore(database: database),
      metrics: MetricsRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      now: { Timestamp(milliseconds: clock.now / 1_000) })
  }

  private func attempt(_ user: Int, devices: Int = 1) -> WriteAttempt {
    WriteAttempt(recipient: .number(user), messages: 1, devices: devices, isRetry: false)
  }

  private func lease(_ user: Int, _ device: Int = 1) -> Lease {
    Lease(user: .number(user), device: .number(device), channel: .firestore, viewing: [])
  }

  private var stored: [DayFigures] {
    get async throws {
      try await SQLiteBillStore(database: database).days(
        from: BillingDay(number: 0), through: BillingDay(number: 1_000_000)
      ).map(\.figures)
    }
  }

  @Test("An attempt is charged before it is made, and never passes the budget, over restarts too")
  func neverPassesTheBudget() async throws {
    // 100 writes with a read each: 100 × (1800 + 600) nanodollars.
    let most = Money(nanodollars: 100 * 2_400)
    var made = 0
    for _ in 0..<5 {
      let process = spending("0.00024/day")
      for _ in 0..<13 { made += await process.charge([attempt(1), attempt(2)]) }
      // And the process dies, with whatever its slice holds.
    }
    let last = spending("0.00024/day")
    while await last.charge([attempt(1)]) == 1 { made += 1 }
    #expect(made > 50 && made <= 100)
    let reserved = try await SQLiteSpendStore(database: database).reserved(
      on: BillingDay(of: Timestamp(milliseconds: clock.now / 1_000)))
    #expect(PriceBook.nam5.cost(of: reserved) <= most)
    #expect(await last.admits(lease(1), lasting: 60) == .spent)
    #expect(!last.pace.takesLeases)
  }

  @Test("Two push workers spend the last cent: together they do not pass the budget")
  func twoSpendTheLast() async throws {
    let (a, b) = (spending("0.00024/day"), spending("0.00024/day"))
    let made = await withTaskGroup(of: Int.self) { group in
      for process in [a, b] {
        group.addTask { [attempt = attempt(1)] in
          var made = 0
          while await process.charge([attempt]) == 1 { made += 1 }
          return made
        }
      }
      return await group.reduce(0, +)
    }
    #expect(made > 80 && made <= 100)
  }

  @Test("On the next day there is money again")
  func nextDay() async throws {
    let process = spending("0.0000024/day")
    #expect(await process.charge([attempt(1)]) == 1)
    #expect(await process.charge([attempt(1)]) == 0)
    clock.advance(by: 25 * 3_600 * 1_000_000)
    #expect(await process.charge([attempt(1)]) == 1)
  }

  @Test("A new device is expected to attach, and costs a read; a renewal does not, a return does")
  func attaches() async throws {
    let process = spending(nil)
    #expect(await process.admits(lease(1), lasting: 60) == .taken)
    #expect(await process.admits(lease(1), lasting: 60) == .taken)
    #expect(await process.admits(lease(1, 2), lasting: 60) == .taken)
    process.left(device: .number(1), of: .number(1))
    #expect(await process.admits(lease(1), lasting: 60) == .taken)
    clock.advance(by: 61 * 1_000_000)
    #expect(await process.admits(lease(1, 2), lasting: 60) == .taken)
    await process.flush(taken: 0)
    #expect(try await stored.map(\.attachReads) == [4])
  }

  @Test("Nobody spends everybody's budget by attaching: after a burst a user's new listeners wait")
  func attachesTooOften() async throws {
    let process = spending(nil)
    for device in 1...30 { #expect(await process.admits(lease(1, device), lasting: 60) == .taken) }
    #expect(await process.admits(lease(1, 31), lasting: 60) == .later)
    #expect(await process.admits(lease(2), lasting: 60) == .taken)
    #expect(await process.admits(lease(1, 1), lasting: 60) == .taken)
    clock.advance(by: 60 * 1_000_000)
    #expect(await process.admits(lease(1, 31), lasting: 60) == .taken)
  }

  @Test("What the gate suppressed is what was delivered and reached nobody who looks")
  func suppressed() async throws {
    let process = spending(nil)
    let receiver = MeteredReceiver(RecordingReceiver(), spending: process)
    let message = Message(id: TimeUUID(ticks: 5, tail: 0), chat: .number(1), sender: .number(1), text: "hi", key: nil)
    for _ in 0..<4 {
      receiver.receive([Delivery(news: .message(message), recipients: [.number(1), .number(2)])])
    }
    _ = await process.charge([attempt(1, devices: 2)])
    process.answered(attempt(1, devices: 2), isWritten: true)
    await process.flush(taken: 3)
    await process.flush(taken: 3)
    let figures = try await #require(stored.first)
    #expect((figures.messages, figures.deliveries, figures.suppressed) == (4, 8, 5))
    #expect((figures.attempts, figures.successes, figures.listenerReads) == (1, 1, 2))
    // The window design opens one window for four messages within three seconds.
    #expect((figures.perMessage.writes, figures.perWindow.writes) == (4, 1))
  }
}

extension Identifier {
  /// A version 4 id with a number in it.
  static func number(_ number: Int) -> Identifier {
    Identifier(UUIDBits(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number)))
  }
}
