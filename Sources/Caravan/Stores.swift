import ChatDomain
import ChatStoreSQLite
import SQLiteEngine
import UserStoreSQLite

/// The embedded form's stores over one database file, migrated.
struct Stores: Sendable {
  let database: SQLiteDatabase
  let users: SQLiteUserStore
  let sessions: SQLiteSessionStore
  let chats: SQLiteChatStore
  let leases: SQLiteLeaseStore
  let spend: SQLiteSpendStore
  let bills: SQLiteBillStore
  /// Steps of the schema that were missing.
  let applied: Int

  init(folder: DataFolder) async throws {
    database = try SQLiteDatabase(path: folder.database)
    applied =
      try await database.migrate(module: "users", SQLiteUserStore.migrations)
      + database.migrate(module: SQLiteChatSchema.module, SQLiteChatSchema.migrations)
    users = SQLiteUserStore(database)
    sessions = SQLiteSessionStore(database)
    chats = SQLiteChatStore(database: database)
    leases = SQLiteLeaseStore(database: database)
    spend = SQLiteSpendStore(database: database)
    bills = SQLiteBillStore(database: database)
  }
}
