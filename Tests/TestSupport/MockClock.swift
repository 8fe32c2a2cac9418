import ChatDomain
import Synchronization

/// A serial runner whose time stands still until a test moves it, and that runs nothing until a test says so.
public final class MockClock: SerialRunner {
  private struct Timer {
    let id: Int
    let at: UInt64
    let job: @Sendable () -> Void
  }

  private struct State {
    var now: UInt64 = 0
    var jobs: [@Sendable () -> Void] = []
    var timers: [Timer] = []
    var lastID = 0
  }

  private let state = Mutex(State())

  public init() {}

  public var now: UInt64 { state.withLock { $0.now } }
  /// Timers that are set.
  public var timerCount: Int { state.withLock { $0.timers.count } }
  /// When the next timer is due, in nanoseconds.
  public var nextTimer: UInt64? { state.withLock { $0.timers.map(\.at).min() } }

  public func run(_ job: @escaping @Sendable () -> Void) { state.withLock { $0.jobs.append(job) } }

  public func run(at nanoseconds: UInt64, _ job: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
    let id = state.withLock { state in
      state.lastID += 1
      state.timers.append(Timer(id: state.lastID, at: nanoseconds, job: job))
      return state.lastID
    }
    return { [weak self] in self?.state.withLock { $0.timers.removeAll { $0.id == id } } }
  }

  /// Runs what waits, and what comes of it, without time passing.
  public func settle() {
    while let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) { job() }
  }

  /// Moves the time, timer by timer.
  public func advance(seconds: Double) {
    settle()
    let end = now + UInt64(seconds * 1e9)
    while let timer = takeTimer(notAfter: end) {
      timer.job()
      settle()
    }
    state.withLock { $0.now = end }
    settle()
  }

  private func takeTimer(notAfter end: UInt64) -> Timer? {
    state.withLock { state in
      guard let next = state.timers.min(by: { ($0.at, $0.id) < ($1.at, $1.id) }), next.at <= end else { return nil }
      state.timers.removeAll { $0.id == next.id }
      state.now = max(state.now, next.at)
      return next
    }
  }

  /// Runs jobs until `body` has its answer: for calls that wait for something that runs here.
  public func running<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
    let flag = Flag()
    return try await withThrowingTaskGroup(of: R?.self) { [self] group in
      group.addTask { try await body() }
      group.addTask {
        while !flag.isSet {
          self.settle()
          await Task.yield()
        }
        return nil
      }
      defer { flag.set() }
      while let result = try await group.next() {
        if let result { return result }
      }
      throw CancellationError()
    }
  }
}

private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
