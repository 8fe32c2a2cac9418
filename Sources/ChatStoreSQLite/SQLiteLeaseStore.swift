import ChatDomain
import SQLiteEngine

/// `LeaseStore` over SQLite.
public struct SQLiteLeaseStore: LeaseStore {
  private let database: SQLiteDatabase

  /// - Parameter database: migrated to `SQLiteChatSchema`.
  public init(database: SQLiteDatabase) {
    self.database = database
  }

  public func save(_ stored: StoredLease) async throws {
    let lease = stored.lease
    try await database.write { connection in
      try connection.run(
        """
        INSERT INTO leases (user, device, channel, viewing, expires_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET viewing = excluded.viewing, expires_at = excluded.expires_at
        """,
        .id(lease.user), .id(lease.device), .text(lease.channel.rawValue), .blob(lease.viewing.flatMap(\.bits.bytes)),
        .integer(stored.expiresAt.milliseconds))
    }
  }

  public func remove(device: DeviceID, of user: UserID, on channel: ChannelName) async throws {
    try await database.write { connection in
      try connection.run(
        "DELETE FROM leases WHERE user = ? AND device = ? AND channel = ?", .id(user), .id(device),
        .text(channel.rawValue))
    }
  }

  public func forget(endedBefore now: Timestamp) async throws {
    try await database.write { connection in
      try connection.run("DELETE FROM leases WHERE expires_at <= ?", .integer(now.milliseconds))
    }
  }

  public func running(on channel: ChannelName, now: Timestamp) async throws -> [StoredLease] {
    try await database.read { connection in
      try connection.all(
        "SELECT user, device, viewing, expires_at FROM leases WHERE channel = ? AND expires_at > ?",
        .text(channel.rawValue), .integer(now.milliseconds)
      ) { row in
        let chats = row.blob(2)
        let viewing = stride(from: 0, to: chats.count - 15, by: 16).compactMap { start in
          UUIDBits(bytes: chats[start..<start + 16]).map { ChatID($0) }
        }
        return StoredLease(
          lease: Lease(user: try row.id(0), device: try row.id(1), channel: channel, viewing: viewing),
          expiresAt: Timestamp(milliseconds: row.integer(3)))
      }
    }
  }
}
