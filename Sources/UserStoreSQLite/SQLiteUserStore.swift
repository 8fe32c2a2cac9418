// UserStoreSQLite: users and sessions in SQLite.
// May import: ChatDomain, SQLiteEngine.

import ChatDomain
import SQLiteEngine

/// Accounts in SQLite.
public struct SQLiteUserStore: UserStore {
  private let database: SQLiteDatabase

  /// - Parameter database: migrated with `migrations`.
  public init(_ database: SQLiteDatabase) { self.database = database }

  public func createUser(ifUsernameFree new: NewUser) async throws -> UserCreation {
    let user = new.user
    return try await database.write { connection in
      try connection.run(
        """
        INSERT INTO users (id, username, display_name, created_at, is_admin, password_hash) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (username) DO NOTHING
        """,
        user.id.value, .text(user.username), .text(user.displayName), .integer(user.createdAt.milliseconds),
        .integer(user.isAdmin ? 1 : 0), .text(new.passwordHash))
      guard connection.changedRows == 1 else { return .usernameTaken }
      try SQLiteUserStore.addWords(of: user, number: connection.lastInsertedRow, connection)
      return .created
    }
  }

  public func account(username: String) async throws -> Account? {
    try await database.read { connection in
      try connection.first(
        """
        SELECT id, username, display_name, created_at, is_admin, password_hash, credential_version
        FROM users WHERE username = ?
        """,
        .text(username), read: SQLiteUserStore.account)
    }
  }

  public func account(id: UserID) async throws -> Account? {
    try await database.read { connection in
      try connection.first(
        """
        SELECT id, username, display_name, created_at, is_admin, password_hash, credential_version
        FROM users WHERE id = ?
        """,
        id.value, read: SQLiteUserStore.account)
    }
  }

  public func users(_ ids: [UserID]) async throws -> [User] {
    try await database.read { connection in
      // By one statement a user: a lookup costs some microseconds, and there is no list to bind.
      try Set(ids).compactMap { id in
        try connection.first(
          "SELECT id, username, display_name, created_at, is_admin FROM users WHERE id = ?", id.value,
          read: SQLiteUserStore.user)
      }
    }
  }

  public func users(_ search: UserSearch, after: UserCursor?, quantity: Int) async throws -> Page<User, UserCursor> {
    try await database.read { connection in
      var page = UserSearchPage(search, after: after, quantity: quantity)
      while let question = page.nextQuestion { page.received(try SQLiteUserStore.candidates(question, connection)) }
      return page.page
    }
  }

  public func rename(_ id: UserID, to displayName: String) async throws -> User? {
    try await database.write { connection in
      let number = try connection.first(
        "UPDATE users SET display_name = ? WHERE id = ? RETURNING number", .text(displayName), id.value
      ) { $0.integer(0) }
      guard let number else { return nil }
      try connection.run("DELETE FROM user_words WHERE user = ?", .integer(number))
      let user = try connection.first(
        "SELECT id, username, display_name, created_at, is_admin FROM users WHERE number = ?", .integer(number),
        read: SQLiteUserStore.user)
      if let user { try SQLiteUserStore.addWords(of: user, number: number, connection) }
      return user
    }
  }

  public func setPassword(_ change: PasswordChange) async throws -> Bool {
    try await database.write { connection in
      let row = try connection.first(
        "SELECT number, credential_version FROM users WHERE id = ?", change.user.value
      ) { (number: $0.integer(0), version: Int($0.integer(1))) }
      guard let row, change.expectedVersion ?? row.version == row.version else { return false }
      var version = row.version
      if case .endAll(let except) = change.sessions {
        version += 1
        try SQLiteSessionStore.endAll(of: row.number, except: except, connection)
      }
      try connection.run(
        "UPDATE users SET password_hash = ?, credential_version = ? WHERE number = ?", .text(change.passwordHash),
        .integer(version), .integer(row.number))
      return true
    }
  }

  public func setAdmin(_ user: UserID, _ isAdmin: Bool) async throws -> Bool {
    try await database.write { connection in
      try connection.run("UPDATE users SET is_admin = ? WHERE id = ?", .integer(isAdmin ? 1 : 0), user.value)
      return connection.changedRows == 1
    }
  }

  static func addWords(of user: User, number: Int64, _ connection: SQLiteConnection) throws {
    for word in UserSearch.words(user.displayName) {
      try connection.run(
        "INSERT OR IGNORE INTO user_words VALUES (?, ?, ?)", .text(word), .text(user.username), .integer(number))
    }
  }
}
