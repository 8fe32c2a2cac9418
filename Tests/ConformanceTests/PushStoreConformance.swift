import Billing
import ChatDomain
import ChatStoreSQLite
import SQLiteEngine
import TestSupport
import Testing

@Suite("Stores of the push role")
struct PushStoreConformance {
  private let folder: TemporaryFolder
  private let database: SQLiteDatabase

  init() async throws {
    folder = try TemporaryFolder()
    database = try SQLiteDatabase(path: folder.path + "/push.db")
    try await database.migrate(module: SQLiteChatSchema.module, SQLiteChatSchema.migrations)
  }

  private func lease(_ user: Int, _ device: Int, viewing: [Int] = [], until seconds: Int64) -> StoredLease {
    StoredLease(
      lease: Lease(
        user: .number(user), device: .number(device), channel: .firestore, viewing: viewing.map { .number($0) }),
      expiresAt: Timestamp(milliseconds: seconds * 1_000))
  }

  @Test("A lease is one row a device; the last call wins, and those that are over are forgotten")
  func leases() async throws {
    let store: any LeaseStore = SQLiteLeaseStore(database: database)
    try await store.save(lease(1, 1, viewing: [4, 5], until: 60))
    try await store.save(lease(1, 2, until: 60))
    try await store.save(lease(2, 1, until: 30))
    try await store.save(lease(1, 1, viewing: [6], until: 90))
    let now = Timestamp(milliseconds: 40_000)
    let running = try await store.running(on: .firestore, now: now)
    #expect(Set(running) == [lease(1, 1, viewing: [6], until: 90), lease(1, 2, until: 60)])
    #expect(try await store.running(on: .stream, now: now).isEmpty)
    try await store.forget(endedBefore: now)
    #expect(try await Set(store.running(on: .firestore, now: Timestamp(milliseconds: 0))) == Set(running))
    try await store.remove(device: .number(1), of: .number(1), on: .firestore)
    try await store.remove(device: .number(9), of: .number(9), on: .firestore)
    #expect(try await store.running(on: .firestore, now: now) == [lease(1, 2, until: 60)])
  }

  @Test("A day's row rises only from what it says, and never after a later day has begun")
  func spend() async throws {
    let store: any SpendStore = SQLiteSpendStore(database: database)
    let (day, one, two) = (
      BillingDay(number: 100), BilledOperations(reads: 1, writes: 1), BilledOperations(reads: 2, writes: 2)
    )
    #expect(try await store.reserved(on: day) == .none)
    #expect(try await store.raise(on: day, from: .none, to: one) == .raised)
    #expect(try await store.raise(on: day, from: .none, to: two) == .outdated(one))
    #expect(try await store.raise(on: day, from: one, to: two) == .raised)
    #expect(try await store.reserved(on: day) == two)
    #expect(try await store.raise(on: day.next, from: .none, to: one) == .raised)
    #expect(try await store.raise(on: day, from: two, to: two + one) == .dayIsOver(day.next))
  }

  @Test("Of racing workers each reservation is counted once")
  func race() async throws {
    let store: any SpendStore = SQLiteSpendStore(database: database)
    let (day, one) = (BillingDay(number: 100), BilledOperations(writes: 1))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 {
        group.addTask {
          var known = try await store.reserved(on: day)
          while case .outdated(let present) = try await store.raise(on: day, from: known, to: known + one) {
            known = present
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await store.reserved(on: day).writes == 20)
  }

  @Test("Parts of a day add up, and days come in order")
  func bills() async throws {
    let store: any BillStore = SQLiteBillStore(database: database)
    var part = DayFigures()
    part.messages = 3
    part.perMessage = .write(heardBy: 2)
    try await store.add([(BillingDay(number: 11), part), (BillingDay(number: 10), part)])
    try await store.add([(BillingDay(number: 10), part)])
    let days = try await store.days(from: BillingDay(number: 10), through: BillingDay(number: 20))
    #expect(days.map(\.day.number) == [10, 11])
    #expect(days[0].figures.messages == 6)
    #expect(days[0].figures.perMessage == .write(heardBy: 2) * 2)
    #expect(try await store.days(from: BillingDay(number: 12), through: BillingDay(number: 20)).isEmpty)
  }
}

extension Identifier {
  /// A version 4 id with a number in it.
  static func number(_ number: Int) -> Identifier {
    Identifier(UUIDBits(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number)))
  }
}
