import ChatDomain
import SQLiteEngine

/// Log-ins in SQLite, in the database of `SQLiteUserStore`. One writer: what a call reads is what it changes.
public struct SQLiteSessionStore: SessionStore {
  private let database: SQLiteDatabase

  /// - Parameter database: migrated with `SQLiteUserStore.migrations`.
  public init(_ database: SQLiteDatabase) { self.database = database }

  public func create(_ session: NewSession) async throws -> Bool {
    try await database.write { connection in
      let user = try connection.first(
        "SELECT number FROM users WHERE id = ? AND credential_version = ?", session.user.value,
        .integer(session.credentialVersion)
      ) { $0.integer(0) }
      guard let user else { return false }
      let family = RefreshFamily(first: session.token.own, now: session.now)
      try connection.run(
        "INSERT INTO sessions (id, user, family, live, used_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        session.token.session.value, .integer(user), .blob(session.token.family.bytes), family.liveValue,
        .integer(family.usedAt.milliseconds), .integer(family.expiresAt.milliseconds))
      // Every use moves the end by the same time: the first to end is the one that was used longest ago.
      try connection.run(
        """
        DELETE FROM sessions WHERE id IN
          (SELECT id FROM sessions WHERE user = ? AND id != ? ORDER BY expires_at DESC LIMIT -1 OFFSET ?)
        """,
        .integer(user), session.token.session.value, .integer(AccountLimits.sessionsPerUser - 1))
      return true
    }
  }

  public func rotate(_ token: RefreshToken, to successor: TokenHash, now: Timestamp) async throws -> Rotation {
    try await database.write { connection in
      let row = try connection.first(
        """
        SELECT s.live, s.previous, s.used_at, s.expires_at, s.family, u.id
        FROM sessions s JOIN users u ON u.number = s.user WHERE s.id = ?
        """,
        token.session.value, read: SQLiteSessionStore.row)
      guard let row, row.shared == token.family else { return .unknown }
      var family = row.family
      switch family.present(token.own, successor: successor, now: now) {
      case .rotated:
        try connection.run(
          "UPDATE sessions SET live = ?, previous = ?, used_at = ?, expires_at = ? WHERE id = ?", family.liveValue,
          family.previous.map { .blob($0.bytes) } ?? .null, .integer(family.usedAt.milliseconds),
          .integer(family.expiresAt.milliseconds), token.session.value)
        return .rotated(row.user)
      case .reused:
        try connection.run("DELETE FROM sessions WHERE id = ?", token.session.value)
        return .reused(row.user)
      case .expired:
        try connection.run("DELETE FROM sessions WHERE id = ?", token.session.value)
        return .unknown
      }
    }
  }

  public func end(_ token: RefreshToken) async throws {
    try await database.write { connection in
      try connection.run(
        "DELETE FROM sessions WHERE id = ? AND family = ?", token.session.value, .blob(token.family.bytes))
    }
  }

  public func endAll(of user: UserID, except: SessionID?) async throws {
    try await database.write { connection in
      let number = try connection.first("SELECT number FROM users WHERE id = ?", user.value) { $0.integer(0) }
      if let number { try SQLiteSessionStore.endAll(of: number, except: except, connection) }
    }
  }

  public func sweep(now: Timestamp) async throws -> Int {
    try await database.write { connection in
      try connection.run(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? LIMIT 1000)",
        .integer(now.milliseconds))
      return connection.changedRows
    }
  }

  static func endAll(of user: Int64, except: SessionID?, _ connection: SQLiteConnection) throws {
    try connection.run(
      "DELETE FROM sessions WHERE user = ? AND id IS NOT ?", .integer(user), except?.value ?? .null)
  }
}

extension SQLiteSessionStore {
  private struct Row {
    let family: RefreshFamily
    /// Of the secret that the session's tokens share.
    let shared: TokenHash
    let user: UserID
  }

  private static func row(_ row: SQLiteStatement) throws -> Row {
    let blob = row.blob(0)
    let live = stride(from: 0, to: blob.count, by: 32).compactMap {
      TokenHash(bytes: blob[$0..<min($0 + 32, blob.count)])
    }
    guard let shared = TokenHash(bytes: row.blob(4)), let user = row.bits(5), live.count * 32 == blob.count else {
      throw StoreError(.corrupt, "a session cannot be read")
    }
    let family = RefreshFamily(
      live: live, previous: row.isNull(1) ? nil : TokenHash(bytes: row.blob(1)),
      usedAt: Timestamp(milliseconds: row.integer(2)), expiresAt: Timestamp(milliseconds: row.integer(3)))
    return Row(family: family, shared: shared, user: UserID(UUIDBits(high: user.high, low: user.low)))
  }
}

extension RefreshFamily {
  /// The unused tokens, one after another.
  fileprivate var liveValue: SQLiteValue { .blob(live.flatMap(\.bytes)) }
}
