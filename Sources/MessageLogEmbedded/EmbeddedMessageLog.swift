// MessageLogEmbedded: the message log of the embedded form. A commit in the journal, then the hand-over in commit order.
// May import: ChatDomain.

import ChatDomain

/// `MessageLog` within one process. Its order is the journal's commit order, and the hand-over to the push role is a call.
public struct EmbeddedMessageLog: MessageLog {
  private let journal: any MessageJournal
  private let receiver: any DeliveryReceiver

  public init(journal: any MessageJournal, receiver: any DeliveryReceiver) {
    self.journal = journal
    self.receiver = receiver
  }

  public func append(_ send: Send) async throws -> SendOutcome {
    let receiver = receiver
    return try await journal.append(send) { receiver.receive([$0]) }
  }

  public func append(_ mark: ReadMark) async throws -> ReadOutcome {
    let receiver = receiver
    return try await journal.append(mark) { receiver.receive([$0]) }
  }
}
