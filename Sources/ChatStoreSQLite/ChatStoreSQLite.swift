// ChatStoreSQLite: chats, members, history and read marks in SQLite; leases, and what pushes cost.
// May import: ChatDomain, Billing, SQLiteEngine, FoundationEssentials.

import ChatDomain
import SQLiteEngine

/// The schema of both types below.
public enum SQLiteChatSchema {
  public static let module = "chat"
  public static let migrations = [
    SQLiteMigration(version: 1, file: PackageResources.m001_chats_sql),
    SQLiteMigration(version: 2, file: PackageResources.m002_push_sql),
  ]
}
