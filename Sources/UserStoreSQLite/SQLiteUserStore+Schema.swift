import ChatDomain
import SQLiteEngine

extension SQLiteUserStore {
  /// The tables of both stores of this module. Migrate the database as module `users` before either is used.
  public static let migrations = [
    SQLiteMigration(
      version: 1,
      sql: """
        CREATE TABLE users (
          number INTEGER PRIMARY KEY,
          id BLOB NOT NULL UNIQUE,
          username TEXT NOT NULL UNIQUE,
          display_name TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          is_admin INTEGER NOT NULL DEFAULT 0,
          password_hash TEXT NOT NULL,
          credential_version INTEGER NOT NULL DEFAULT 1
        ) STRICT;

        -- What display names are found by. The username stands here too, so that the index alone gives the order.
        CREATE TABLE user_words (
          word TEXT NOT NULL,
          username TEXT NOT NULL,
          user INTEGER NOT NULL REFERENCES users(number),
          PRIMARY KEY (word, username)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX user_words_by_user ON user_words(user);

        CREATE TABLE sessions (
          id BLOB PRIMARY KEY,
          user INTEGER NOT NULL REFERENCES users(number),
          family BLOB NOT NULL,
          live BLOB NOT NULL,
          previous BLOB,
          used_at INTEGER NOT NULL,
          expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessions_by_user ON sessions(user, expires_at);
        CREATE INDEX sessions_by_end ON sessions(expires_at);
        """),
    // Words are folded in another way than before.
    SQLiteMigration(version: 2, sql: "DELETE FROM user_words", completion: addAllWords),
  ]

  private static func addAllWords(_ connection: SQLiteConnection) throws {
    var last: Int64 = 0
    while true {
      let users = try connection.all(
        "SELECT id, username, display_name, created_at, is_admin, number FROM users WHERE number > ? ORDER BY number LIMIT 500",
        .integer(last)
      ) { (user: try user($0), number: $0.integer(5)) }
      for (user, number) in users { try addWords(of: user, number: number, connection) }
      guard let number = users.last?.number else { return }
      last = number
    }
  }
}
