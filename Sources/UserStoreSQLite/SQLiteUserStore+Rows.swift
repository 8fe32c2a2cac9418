import ChatDomain
import SQLiteEngine

extension SQLiteUserStore {
  /// Columns: id, username, display_name, created_at, is_admin.
  static func user(_ row: SQLiteStatement) throws -> User {
    guard let id = row.bits(0) else { throw StoreError(.corrupt, "a user's id is no UUID") }
    return User(
      id: UserID(UUIDBits(high: id.high, low: id.low)), username: row.text(1), displayName: row.text(2),
      createdAt: Timestamp(milliseconds: row.integer(3)), isAdmin: row.integer(4) != 0)
  }

  /// Columns: those of a user, password_hash, credential_version.
  static func account(_ row: SQLiteStatement) throws -> Account {
    Account(user: try user(row), passwordHash: row.text(5), credentialVersion: Int(row.integer(6)))
  }

  /// The next users that an index gives, with the place at which it has each of them. Both are range scans of one index.
  static func candidates(
    _ question: UserSearchPage.Question, _ connection: SQLiteConnection
  ) throws -> [UserSearchPage.Candidate] {
    // Above every text that begins with the prefix: nothing sorts above the last scalar.
    let end = SQLiteValue.text(question.prefix + "\u{10FFFF}")
    let start = question.start
    switch question.section {
    case .username:
      // One lower bound, because SQLite seeks by one and would step over everything between the two.
      return try connection.all(
        """
        SELECT id, username, display_name, created_at, is_admin FROM users
        WHERE username >= ? AND username < ? AND username IS NOT ? ORDER BY username LIMIT ?
        """,
        .text(start.username), end, .optional(question.after?.username), .integer(question.limit)
      ) { row in
        let user = try user(row)
        return UserSearchPage.Candidate(user, UserCursor(.username, word: "", username: user.username))
      }
    case .word:
      return try connection.all(
        """
        SELECT u.id, u.username, u.display_name, u.created_at, u.is_admin, w.word
        FROM user_words w CROSS JOIN users u ON u.number = w.user
        WHERE (w.word, w.username) > (?, ?) AND w.word < ? ORDER BY w.word, w.username LIMIT ?
        """,
        .text(start.word), .text(start.username), end, .integer(question.limit)
      ) { row in
        let user = try user(row)
        return UserSearchPage.Candidate(user, UserCursor(.word, word: row.text(5), username: user.username))
      }
    }
  }
}

extension Identifier {
  var value: SQLiteValue { .bits(high: bits.high, low: bits.low) }
}
