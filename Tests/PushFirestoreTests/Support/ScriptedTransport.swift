import ChatDomain
import Synchronization

@testable import PushFirestore

/// Stands for Firestore: answers each request as the test says, and remembers the documents.
final class ScriptedTransport: FirestoreTransport {
  private struct State {
    var requests: [[String]] = []
    var documents: [String: MailboxDocument.Fields] = [:]
    var answer: @Sendable ([MailboxDocument]) -> BatchAnswer
  }

  private let state: Mutex<State>

  init(_ answer: @escaping @Sendable ([MailboxDocument]) -> BatchAnswer = { .results($0.map { _ in .written }) }) {
    state = Mutex(State(answer: answer))
  }

  /// The recipients of each request.
  var requests: [[String]] { state.withLock { $0.requests } }
  func document(of user: Int) -> MailboxDocument.Fields? {
    state.withLock { $0.documents["\(root)/mailboxes/\(UserID.number(user))"] }
  }

  func answer(_ answer: @escaping @Sendable ([MailboxDocument]) -> BatchAnswer) {
    state.withLock { $0.answer = answer }
  }

  func prepare() async -> String? { nil }

  func batchWrite(_ documents: [MailboxDocument]) async -> BatchAnswer {
    state.withLock { state in
      state.requests.append(documents.map { String($0.name.suffix(2)) })
      let answer = state.answer(documents)
      if case .results(let results) = answer {
        for (document, result) in zip(documents, results) where result == .written {
          state.documents[document.name] = document.fields
        }
      }
      return answer
    }
  }
}

/// An account without a budget, or with so many writes.
final class CountingAccount: WriteAccount {
  private let state = Mutex<(left: Int, charged: Int, written: Int)>((.max, 0, 0))

  init(budget: Int = .max) { state.withLock { $0.left = budget } }

  var charged: Int { state.withLock { $0.charged } }
  var written: Int { state.withLock { $0.written } }

  func charge(_ attempts: [WriteAttempt]) async -> Int {
    state.withLock { state in
      let paid = min(attempts.count, state.left)
      state.left -= paid
      state.charged += paid
      return paid
    }
  }

  func answered(_ attempt: WriteAttempt, isWritten: Bool) {
    if isWritten { state.withLock { $0.written += 1 } }
  }
}

/// The push role as the channel sees it.
final class ScriptedOwner: PushOwner {
  private let state = Mutex<(unwanted: Set<UserID>, outcomes: [String])>(([], []))

  /// `user #seq outcome`, in order.
  var outcomes: [String] { state.withLock { $0.outcomes } }
  func lookAway(_ user: Int) { state.withLock { _ = $0.unwanted.insert(.number(user)) } }

  func mayOpen(_ channel: ChannelName, user: UserID, device: DeviceID) async -> Bool { false }
  func opened(_ connection: ConnectionID, _ channel: ChannelName, user: UserID, device: DeviceID, resuming: BaseLine?) {
  }
  func closed(_ connection: ConnectionID, _ channel: ChannelName, user: UserID, device: DeviceID) {}
  func isWanted(_ ticket: PublishTicket) async -> Bool { state.withLock { !$0.unwanted.contains(ticket.recipient) } }
  func settled(_ ticket: PublishTicket, _ outcome: PublishOutcome) {
    state.withLock { $0.outcomes.append("\(ticket.recipient.bits.low & 0xFF) #\(ticket.base.seq) \(outcome)") }
  }
}
