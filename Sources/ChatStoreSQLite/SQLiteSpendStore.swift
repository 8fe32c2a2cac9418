import ChatDomain
import SQLiteEngine

/// `SpendStore` over SQLite.
public struct SQLiteSpendStore: SpendStore {
  private let database: SQLiteDatabase

  /// - Parameter database: migrated to `SQLiteChatSchema`.
  public init(database: SQLiteDatabase) {
    self.database = database
  }

  public func reserved(on day: BillingDay) async throws -> BilledOperations {
    try await database.read { try SQLiteSpendStore.row(of: day, in: $0) } ?? .none
  }

  public func raise(
    on day: BillingDay, from old: BilledOperations, to new: BilledOperations
  ) async throws -> SpendAnswer {
    try await database.write { connection in
      let latest = try connection.first("SELECT max(day) FROM spend") { $0.isNull(0) ? nil : $0.integer(0) } ?? nil
      if let latest, latest > Int64(day.number) { return .dayIsOver(BillingDay(number: Int(latest))) }
      let present = try SQLiteSpendStore.row(of: day, in: connection) ?? .none
      guard present == old else { return .outdated(present) }
      try connection.run(
        """
        INSERT INTO spend (day, reads, writes, deletes) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET reads = excluded.reads, writes = excluded.writes, deletes = excluded.deletes
        """,
        .integer(day.number), .integer(new.reads), .integer(new.writes), .integer(new.deletes))
      return .raised
    }
  }

  private static func row(of day: BillingDay, in connection: SQLiteConnection) throws -> BilledOperations? {
    try connection.first("SELECT reads, writes, deletes FROM spend WHERE day = ?", .integer(day.number)) { row in
      BilledOperations(reads: row.integer(0), writes: row.integer(1), deletes: row.integer(2))
    }
  }
}
