// ChatStoreSQLite: chats, members, history and read marks in SQLite.
// May import: ChatDomain, SQLiteEngine.

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
