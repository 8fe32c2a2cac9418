import ChatDomain
import DequeModule
import Dispatch
import Synchronization

/// Connections that only read, each on a thread of its own, fed from one queue.
final class SQLiteReaders: Sendable {
  private struct State {
    var waiting: Deque<any SQLiteJob> = []
    var idle: [Int]
    var isClosed = false
  }

  /// A connection and the only queue that touches it.
  private struct Reader: Sendable {
    nonisolated(unsafe) let connection: SQLiteConnection
    let queue: DispatchQueue
  }

  private let state: Mutex<State>
  private let readers: [Reader]
  private let limit: Int

  init(connections: [SQLiteConnection], limit: Int) {
    var readers: [Reader] = []
    for (number, connection) in connections.enumerated() {
      readers.append(Reader(connection: connection, queue: DispatchQueue(label: "sqlite.reader.\(number)")))
    }
    self.readers = readers
    self.limit = limit
    state = Mutex(State(idle: Array(connections.indices)))
  }

  func add(_ job: some SQLiteJob) {
    let refusal: StoreError? = state.withLock { state in
      if state.isClosed { return StoreError(.closed, "the database is closed") }
      if state.waiting.count >= limit { return StoreError(.unavailable, "\(limit) reads wait already") }
      state.waiting.append(job)
      if let number = state.idle.popLast() { readers[number].queue.async { self.drain(number) } }
      return nil
    }
    if let refusal { job.resume(failedWith: refusal) }
  }

  func close() async {
    state.withLock { $0.isClosed = true }
    for reader in readers {
      await withCheckedContinuation { continuation in reader.queue.async { continuation.resume() } }
    }
  }

  private func drain(_ number: Int) {
    while true {
      let job: (any SQLiteJob)? = state.withLock { state in
        if let job = state.waiting.popFirst() { return job }
        state.idle.append(number)
        return nil
      }
      guard let job else { return }
      do {
        // One transaction, so that all statements of a read see the same moment.
        let connection = readers[number].connection
        try connection.run("BEGIN")
        defer { try? connection.run("COMMIT") }
        try job.run(connection)
        job.resume(failedWith: nil)
      } catch {
        job.resume(failedWith: error)
      }
    }
  }
}
