import DequeModule
import Dispatch
import Synchronization

/// Runs blocking work on a few threads of its own, with a bounded queue before them.
final class BlockingThreads: Sendable {
  private struct State {
    var waiting: Deque<@Sendable () -> Void> = []
    var idle: [Int]
  }

  private let state: Mutex<State>
  private let threads: [DispatchQueue]
  private let limit: Int

  /// - Parameters:
  ///   - count: pieces of work at a time.
  ///   - limit: pieces that may wait.
  init(label: String, count: Int, limit: Int) {
    // A serial queue each: only what blocks here waits for it, none of the threads that `async` code runs on.
    threads = (0..<max(1, count)).map { DispatchQueue(label: "\(label).\($0)") }
    state = Mutex(State(idle: Array(threads.indices)))
    self.limit = max(0, limit)
  }

  /// Pieces that wait for a thread.
  var waiting: Int { state.withLock { $0.waiting.count } }

  /// - Returns: nil when too much waits already; then nothing is done.
  func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
    await withCheckedContinuation { continuation in
      let isTaken = state.withLock { state in
        if let number = state.idle.popLast() {
          state.waiting.append { continuation.resume(returning: body()) }
          threads[number].async { self.drain(number) }
          return true
        }
        guard state.waiting.count < limit else { return false }
        state.waiting.append { continuation.resume(returning: body()) }
        return true
      }
      if !isTaken { continuation.resume(returning: nil) }
    }
  }

  private func drain(_ number: Int) {
    while true {
      let work = state.withLock { state -> (@Sendable () -> Void)? in
        if let work = state.waiting.popFirst() { return work }
        state.idle.append(number)
        return nil
      }
      guard let work else { return }
      work()
    }
  }
}
