import ChatDomain
import SQLiteEngine
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SQLiteEngineTests {
  private func database(_ folder: TemporaryFolder, waitingLimit: Int = 1_000) async throws -> SQLiteDatabase {
    let database = try SQLiteDatabase(path: folder.path + "/test.db", waitingLimit: waitingLimit)
    try await database.migrate(
      module: "test", [SQLiteMigration(version: 1, sql: "CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT) STRICT")])
    return database
  }

  private func count(_ database: SQLiteDatabase) async throws -> Int {
    try await database.read { try $0.first("SELECT count(*) FROM t") { Int($0.integer(0)) } ?? -1 }
  }

  @Test func whatIsWrittenIsReadByTheNextRead() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder)
    for number in 1...50 {
      try await database.write { try $0.run("INSERT INTO t VALUES (?, ?)", .integer(number), .text("row")) }
      #expect(try await count(database) == number)
    }
    await database.close()
  }

  @Test func aFailingWriteTakesNoNeighbourWithIt() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder)
    let failures = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        group.addTask {
          do {
            try await database.write { connection in
              try connection.run("INSERT INTO t VALUES (?, NULL)", .integer(number))
              if number % 10 == 3 { throw StoreError(.unavailable, "asked for") }
            }
            return false
          } catch { return true }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(failures == 20)
    #expect(try await count(database) == 180)
    await database.close()
  }

  @Test func commitsAreAnnouncedInCommitOrder() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder)
    let announced = Recorder<Int64>()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<300 {
        group.addTask {
          _ = try? await database.write(committed: { announced.record($0) }) { connection in
            try connection.run("INSERT INTO t (s) VALUES ('x')")
            return connection.lastInsertedRow
          }
        }
      }
    }
    #expect(announced.elements == Array(1...300))
    await database.close()
  }

  @Test func aFullDatabaseSaysSoAndKeepsWhatItHad() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder)
    try await database.write { try $0.run("PRAGMA max_page_count = 20") }
    var refusal: StoreError?
    var kept = 0
    for _ in 0..<100 where refusal == nil {
      do {
        try await database.write { try $0.run("INSERT INTO t (s) VALUES (hex(zeroblob(2000)))") }
        kept += 1
      } catch { refusal = error as? StoreError }
    }
    #expect(refusal?.code == .full)
    #expect(try await count(database) == kept)
    await database.close()
  }

  @Test func moreThanTheLimitOfWaitingWritesAreRefused() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder, waitingLimit: 5)
    let refused = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<500 {
        group.addTask {
          do {
            try await database.write { try $0.run("INSERT INTO t (s) VALUES ('x')") }
            return false
          } catch { return (error as? StoreError)?.code == .unavailable }
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(refused > 0)
    #expect(try await count(database) == 500 - refused)
    await database.close()
  }

  @Test func closingFinishesWhatWaitsAndRefusesTheRest() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder)
    async let write: Void = database.write { try $0.run("INSERT INTO t (s) VALUES ('x')") }
    try await write
    await database.close()
    await #expect(throws: StoreError(.closed, "the database is closed")) {
      try await database.write { try $0.run("INSERT INTO t (s) VALUES ('y')") }
    }
  }

  @Test func migrationsAreAppliedOnceAndALaterSchemaIsRefused() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder)
    let steps = [
      SQLiteMigration(version: 1, sql: "CREATE TABLE a (x)"), SQLiteMigration(version: 2, sql: "CREATE TABLE b (x)"),
    ]
    #expect(try await database.migrate(module: "m", steps) == 2)
    #expect(try await database.migrate(module: "m", steps) == 0)
    await #expect(throws: StoreError.self) { try await database.migrate(module: "m", [steps[0]]) }
    await database.close()
  }

  @Test func everyKindOfValueComesBackAsItWas() async throws {
    let folder = try TemporaryFolder()
    let database = try await database(folder)
    try await database.write { try $0.run("CREATE TABLE v (i, t, b, u, e, z)") }
    let id = UUIDBits.random()
    try await database.write { connection in
      try connection.run(
        "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?)", .integer(Int64.min), .text("größe 🐪"), .blob([0, 1, 255]),
        .bits(high: id.high, low: id.low), .blob([]), .null)
    }
    let row = try await database.read { connection in
      try connection.first("SELECT * FROM v") { row in
        let bits = row.bits(3)
        return row.integer(0) == .min && row.text(1) == "größe 🐪" && row.blob(2) == [0, 1, 255]
          && bits?.high == id.high && bits?.low == id.low && row.blob(4) == [] && !row.isNull(4) && row.isNull(5)
      }
    }
    #expect(row == true)
    await database.close()
  }
}
