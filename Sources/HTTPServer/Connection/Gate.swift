import Synchronization

/// Opens once; whoever waits goes on then, or when the time is up.
final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  /// Waits, but no longer than `limit`: after that the gate counts as open.
  func wait(atMost limit: Duration) async {
    let timer = Task {
      try await Task.sleep(for: limit)
      open()
    }
    await wait()
    timer.cancel()
  }
}
