import ChatDomain
import SQLiteEngine

/// `MessageJournal` over SQLite: a send is one transaction (dedupe, stamp, history row, head), shared with whatever else waits.
public final class SQLiteMessageJournal: MessageJournal {
  private let database: SQLiteDatabase
  private let clock: @Sendable () -> Int64
  private let scribe: SQLiteScribe

  /// How long a key is remembered: 30 days, in 100-nanosecond ticks.
  static let keyLifeTicks: UInt64 = 30 * 86_400 * 10_000_000

  /// - Parameters:
  ///   - database: migrated to `SQLiteChatSchema`; nobody else may write messages into it.
  ///   - node: of the installation, see `TimeUUIDStamper`.
  ///   - clock: microseconds since 1970. It may step back.
  public convenience init(database: SQLiteDatabase, node: UInt64, clock: @escaping @Sendable () -> Int64) {
    self.init(database: database, node: node, clock: clock, chats: KnownChats())
  }

  init(database: SQLiteDatabase, node: UInt64, clock: @escaping @Sendable () -> Int64, chats: KnownChats) {
    self.database = database
    self.clock = clock
    scribe = SQLiteScribe(node: node, chats: chats)
  }

  public func append(
    _ send: Send, committed: @escaping @Sendable (Delivery) -> Void
  ) async throws -> SendOutcome {
    try await append(committed) { [scribe, clock] in try scribe.write(send, now: clock(), to: $0) }
  }

  public func append(
    _ mark: ReadMark, committed: @escaping @Sendable (Delivery) -> Void
  ) async throws -> ReadOutcome {
    try await append(committed) { [scribe] in try scribe.write(mark, to: $0) }
  }

  private func append<Outcome>(
    _ committed: @escaping @Sendable (Delivery) -> Void,
    _ write: @escaping @Sendable (SQLiteConnection) throws -> SQLiteScribe.Written<Outcome>
  ) async throws -> Outcome {
    let scribe = scribe
    return try await database.write(
      committed: { written in
        scribe.committed(written)
        if let delivery = written.delivery { committed(delivery) }
      }, write
    ).outcome
  }

  /// Forgets the keys of messages older than 30 days, in chats numbered after `position`, a few at a time.
  /// - Returns: where to go on; 0 at the end.
  public func forgetOldKeys(after position: Int64, chats: Int = 200) async throws -> Int64 {
    let oldest = TimeUUID.ticksBefore1970 + UInt64(max(0, clock())) * 10 - SQLiteMessageJournal.keyLifeTicks
    return try await database.write { connection in
      let last =
        try connection.first(
          "SELECT max(no), count(*) FROM (SELECT no FROM chats WHERE no > ? ORDER BY no LIMIT ?)",
          .integer(position), .integer(chats)
        ) { $0.integer(1) < chats ? 0 : $0.integer(0) } ?? 0
      try connection.run(
        "DELETE FROM sent_keys WHERE chat > ? AND chat <= ? AND ticks < ?", .integer(position),
        .integer(last == 0 ? .max : last), .integer(Int64(bitPattern: oldest)))
      return last
    }
  }
}
