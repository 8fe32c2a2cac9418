import ChatDomain
import LoadClient
import Synchronization

/// What was sent: by key, the chat and the answer.
final class Outbox: Sendable {
  struct Accepted: Sendable {
    let chat: ChatID
    let id: TimeUUID
  }

  private struct State {
    var accepted: [IdempotencyKey: Accepted] = [:]
    var unanswered = 0
    var firstFailure: String?
    var isClosed = false
  }

  private let state = Mutex(State())

  var accepted: [IdempotencyKey: Accepted] { state.withLock { $0.accepted } }
  var unanswered: Int { state.withLock { $0.unanswered } }
  var firstFailure: String? { state.withLock { $0.firstFailure } }
  /// No more is to be sent; what is under way is retried until it is answered.
  var isClosed: Bool { state.withLock { $0.isClosed } }

  func close() { state.withLock { $0.isClosed = true } }

  func answered(_ key: IdempotencyKey, _ message: WireMessage) {
    state.withLock { $0.accepted[key] = Accepted(chat: message.chat, id: message.id) }
  }

  func failed(_ error: any Error) {
    state.withLock { state in
      state.unanswered += 1
      state.firstFailure = state.firstFailure ?? "a send: \(error)"
    }
  }
}
