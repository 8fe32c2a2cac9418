import ChatDomain

/// One write of one recipient's mailbox on its way.
struct MailboxWrite: Sendable {
  enum Content: Sendable {
    case news(Publication)
    /// Nothing but a new base line.
    case base
  }

  let content: Content
  let ticket: PublishTicket
  let document: MailboxDocument
  let attempt: WriteAttempt
  /// Attempts before this one that were made from here.
  let failures: Int

  init(_ content: Content, ticket: PublishTicket, audience: Audience, _ settings: FirestoreSettings) {
    self.content = content
    self.ticket = ticket
    failures = 0
    switch content {
    case .news(let publication):
      document = MailboxDocument(publication, root: settings.root, cap: settings.documentBytes)
      attempt = WriteAttempt(
        recipient: ticket.recipient, messages: publication.aggregate.items.count, devices: audience.devices,
        isRetry: publication.isRetry)
    case .base:
      document = MailboxDocument(base: ticket.base, of: ticket.recipient, root: settings.root)
      attempt = WriteAttempt(recipient: ticket.recipient, messages: 0, devices: audience.devices, isRetry: false)
    }
  }

  private init(retrying other: MailboxWrite) {
    content = other.content
    failures = other.failures + 1
    ticket = other.ticket
    document = other.document
    attempt = WriteAttempt(
      recipient: other.attempt.recipient, messages: other.attempt.messages, devices: other.attempt.devices,
      isRetry: true)
  }

  /// The same, attempted once more.
  var again: MailboxWrite { MailboxWrite(retrying: self) }

  /// Its owner waits for the outcome.
  var isPublication: Bool {
    if case .news = content { true } else { false }
  }
}

/// What became of one write.
public enum WriteResult: Sendable, Hashable {
  case written
  /// It may have been written or not; worth another try.
  case unavailable
  /// Never to be tried again.
  case refused
}
