import ChatDomain

/// A numbered step of a module's schema.
public struct SQLiteMigration: Sendable {
  /// From 1, without gaps.
  public let version: Int
  public let sql: String
  /// What SQL cannot say; after it, in the same transaction.
  public let completion: (@Sendable (SQLiteConnection) throws -> Void)?

  public init(version: Int, sql: String, completion: (@Sendable (SQLiteConnection) throws -> Void)? = nil) {
    self.version = version
    self.sql = sql
    self.completion = completion
  }

  /// From the bytes of a file that is embedded in the program.
  public init(version: Int, file: [UInt8]) {
    self.init(version: version, sql: String(decoding: file, as: UTF8.self))
  }
}

extension SQLiteDatabase {
  /// Applies the steps of `module` that the database has not seen, each in a transaction of its own with the record that it was applied.
  /// - Returns: how many were applied.
  /// - Throws: `StoreError`; `.corrupt` for a database that a later version of Caravan has migrated.
  @discardableResult
  public func migrate(module: String, _ migrations: [SQLiteMigration]) async throws -> Int {
    let current = try await write { connection in
      try connection.run(
        "CREATE TABLE IF NOT EXISTS schema_versions (module TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT")
      return try connection.first("SELECT version FROM schema_versions WHERE module = ?", .text(module)) {
        Int($0.integer(0))
      } ?? 0
    }
    if let latest = migrations.last?.version, current > latest {
      throw StoreError(
        .corrupt, "the \(module) tables are at version \(current); this program knows versions up to \(latest)")
    }
    let pending = migrations.filter { $0.version > current }
    for migration in pending {
      try await write { connection in
        try connection.execute(migration.sql)
        try migration.completion?(connection)
        try connection.run(
          "INSERT INTO schema_versions VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version",
          .text(module), .integer(migration.version))
      }
    }
    return pending.count
  }
}
