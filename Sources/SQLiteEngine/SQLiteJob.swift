import ChatDomain

/// One unit of work on its way to a connection's thread, and who waits for its result.
protocol SQLiteJob: Sendable {
  /// Does the work and keeps its result. May be called again after a rollback.
  func run(_ connection: SQLiteConnection) throws
  /// Its effects are durable; called in commit order.
  func committed()
  /// Answers the waiting caller, exactly once.
  func resume(failedWith error: (any Error)?)
}

/// The state is touched by one thread at a time: the connection's own, between `run` and `resume`.
final class SQLiteTask<Value: Sendable>: SQLiteJob, @unchecked Sendable {
  private let body: @Sendable (SQLiteConnection) throws -> Value
  private let afterCommit: (@Sendable (Value) -> Void)?
  private let continuation: CheckedContinuation<Value, any Error>
  private var value: Value?

  init(
    _ body: @escaping @Sendable (SQLiteConnection) throws -> Value, afterCommit: (@Sendable (Value) -> Void)?,
    continuation: CheckedContinuation<Value, any Error>
  ) {
    self.body = body
    self.afterCommit = afterCommit
    self.continuation = continuation
  }

  func run(_ connection: SQLiteConnection) throws {
    value = nil
    value = try body(connection)
  }

  func committed() {
    if let value, let afterCommit { afterCommit(value) }
  }

  func resume(failedWith error: (any Error)?) {
    if let error {
      continuation.resume(throwing: (error as? SQLiteError)?.storeError ?? error)
    } else if let value {
      continuation.resume(returning: value)
    } else {
      continuation.resume(throwing: StoreError(.unavailable, "the work was not done"))
    }
  }
}
