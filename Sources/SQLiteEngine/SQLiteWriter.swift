import ChatDomain
import DequeModule
import Dispatch
import Synchronization

/// The one connection that writes. Whatever waits when it is free goes into one transaction and one fsync (group commit).
final class SQLiteWriter: Sendable {
  private struct State {
    var waiting: Deque<any SQLiteJob> = []
    var isDraining = false
    var isClosed = false
  }

  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "sqlite.writer", qos: .userInitiated)
  private let limit: Int
  private let groupLimit: Int
  /// Touched on `queue` only.
  private nonisolated(unsafe) let connection: SQLiteConnection

  /// - Parameters:
  ///   - limit: jobs that may wait; one more is refused.
  ///   - groupLimit: jobs in one transaction.
  init(connection: SQLiteConnection, limit: Int, groupLimit: Int) {
    self.connection = connection
    self.limit = limit
    self.groupLimit = groupLimit
  }

  func add(_ job: some SQLiteJob) {
    let refusal: StoreError? = state.withLock { state in
      if state.isClosed { return StoreError(.closed, "the database is closed") }
      if state.waiting.count >= limit { return StoreError(.unavailable, "\(limit) writes wait already") }
      state.waiting.append(job)
      if !state.isDraining {
        state.isDraining = true
        queue.async { self.drain() }
      }
      return nil
    }
    if let refusal { job.resume(failedWith: refusal) }
  }

  /// Jobs that wait for the next transaction.
  var waitingCount: Int { state.withLock { $0.waiting.count } }

  /// Waits for what was added before, and refuses all that comes later.
  func close() async {
    state.withLock { $0.isClosed = true }
    await withCheckedContinuation { continuation in queue.async { continuation.resume() } }
  }

  private func drain() {
    while true {
      let group: [any SQLiteJob] = state.withLock { state in
        let count = min(groupLimit, state.waiting.count)
        let group = Array(state.waiting.prefix(count))
        state.waiting.removeFirst(count)
        if group.isEmpty { state.isDraining = false }
        return group
      }
      if group.isEmpty { return }
      commit(group)
    }
  }

  /// Commits the group together. If a job throws, all is rolled back and each is tried again on its own, so that one caller's failure is
  /// nobody else's. Jobs can therefore run twice, and keep no state but their result.
  private func commit(_ group: [any SQLiteJob]) {
    do {
      try transaction { for job in group { try job.run(connection) } }
    } catch {
      guard group.count > 1 else { return group[0].resume(failedWith: error) }
      for job in group { commit([job]) }
      return
    }
    for job in group { job.committed() }
    for job in group { job.resume(failedWith: nil) }
  }

  private func transaction(_ body: () throws -> Void) throws {
    try connection.run("BEGIN IMMEDIATE")
    do {
      try body()
      try connection.run("COMMIT")
    } catch {
      if connection.isInTransaction { try? connection.run("ROLLBACK") }
      throw error
    }
  }
}
