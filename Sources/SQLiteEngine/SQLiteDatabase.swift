import ChatDomain

/// A database file with one writing connection and several reading ones. No call blocks the thread it is made on.
public final class SQLiteDatabase: Sendable {
  private let writer: SQLiteWriter
  private let readers: SQLiteReaders

  /// Opens or creates the file: write-ahead log, and every commit is on disk before it is answered (`synchronous=FULL`).
  /// - Parameters:
  ///   - readerCount: connections, each with a thread while it reads.
  ///   - waitingLimit: jobs that may wait on either side; one more gets `StoreError.unavailable`.
  ///   - groupLimit: writes in one transaction; bounds how long the first one waits for the last.
  /// - Throws: `StoreError`.
  public init(path: String, readerCount: Int = 2, waitingLimit: Int = 8_192, groupLimit: Int = 256) throws {
    do {
      let writing = try SQLiteConnection(path: path, readOnly: false)
      try writing.execute(
        """
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
        PRAGMA cache_size = -8000; PRAGMA wal_autocheckpoint = 16000; PRAGMA journal_size_limit = 134217728;
        """)
      writer = SQLiteWriter(connection: writing, limit: waitingLimit, groupLimit: groupLimit)
      let reading = try (0..<max(1, readerCount)).map { _ in
        let connection = try SQLiteConnection(path: path, readOnly: true)
        try connection.execute("PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY; PRAGMA query_only = ON;")
        return connection
      }
      readers = SQLiteReaders(connections: reading, limit: waitingLimit)
    } catch let error as SQLiteError {
      throw error.storeError
    }
  }

  /// Runs `body` in a transaction, together with whatever else waits, and returns once it is durable.
  ///
  /// `body` may run more than once (a neighbour in its group failed) and must have no effect but on the connection. What it throws is thrown on,
  /// and its effects are undone.
  /// - Parameter committed: called on the writer's thread, in commit order, before the result is returned; must not block.
  /// - Throws: `StoreError`, or what `body` throws.
  public func write<Value: Sendable>(
    committed: (@Sendable (Value) -> Void)? = nil, _ body: @escaping @Sendable (SQLiteConnection) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      writer.add(SQLiteTask(body, afterCommit: committed, continuation: continuation))
    }
  }

  /// Runs `body` on a reading connection: it sees one moment, no earlier than the call.
  /// - Throws: `StoreError`, or what `body` throws.
  public func read<Value: Sendable>(_ body: @escaping @Sendable (SQLiteConnection) throws -> Value) async throws
    -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      readers.add(SQLiteTask(body, afterCommit: nil, continuation: continuation))
    }
  }

  /// Writes that wait for the next transaction.
  public var waitingWrites: Int { writer.waitingCount }

  /// Finishes what was asked for before and refuses everything later.
  public func close() async {
    await readers.close()
    await writer.close()
  }
}
