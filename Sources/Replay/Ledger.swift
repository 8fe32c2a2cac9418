import ChatDomain
import LoadClient
import NIOCore
import Synchronization

/// When each send was started and answered, and when its recipients saw it. Written to by many, so behind a lock.
final class Ledger: Sendable {
  private struct State {
    /// By number of the send; nil: not started.
    var startedAt: [NIODeadline?]
    var accepted: [ChatID: Set<TimeUUID>] = [:]
    var answered = 0
    var failed = 0
    var firstFailure: String?
    var lateness = Latencies()
    var send = Latencies()
    var delivery = Latencies()
  }

  struct Summary: Sendable {
    let accepted: [ChatID: Set<TimeUUID>]
    let answered: Int
    let failed: Int
    let firstFailure: String?
    let lateness: Latencies
    let send: Latencies
    let delivery: Latencies
  }

  private let state: Mutex<State>

  init(sends: Int) { state = Mutex(State(startedAt: Array(repeating: nil, count: sends))) }

  func started(_ number: Int, due: NIODeadline) {
    let now = NIODeadline.now()
    state.withLock { state in
      state.startedAt[number] = now
      state.lateness.record(UInt64(max(0, (now - due).nanoseconds)))
    }
  }

  func answered(_ number: Int, _ message: WireMessage) {
    let now = NIODeadline.now()
    state.withLock { state in
      state.answered += 1
      state.accepted[message.chat, default: []].insert(message.id)
      if let start = state.startedAt[number] { state.send.record(UInt64(max(0, (now - start).nanoseconds))) }
    }
  }

  func failed(_ error: any Error) {
    state.withLock { state in
      state.failed += 1
      state.firstFailure = state.firstFailure ?? "a send: \(error)"
    }
  }

  /// A stream brought a message.
  func delivered(_ message: WireMessage, at now: NIODeadline) {
    guard let number = message.text.flatMap(MessageTag.number(of:)) else { return }
    state.withLock { state in
      guard state.startedAt.indices.contains(number), let start = state.startedAt[number] else { return }
      state.delivery.record(UInt64(max(0, (now - start).nanoseconds)))
    }
  }

  var doneCount: Int { state.withLock { $0.answered + $0.failed } }

  var summary: Summary {
    state.withLock { state in
      Summary(
        accepted: state.accepted, answered: state.answered, failed: state.failed, firstFailure: state.firstFailure,
        lateness: state.lateness, send: state.send, delivery: state.delivery)
    }
  }
}
