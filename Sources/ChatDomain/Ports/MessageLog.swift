/// The ordered log that every change of a chat travels: sends and read marks.
///
/// Contract. An entry is durable when its call returns, and readable in the `ChatStore` (embedded: at once; distributed: within 2 s). Entries of one
/// chat are ordered. Deliveries are handed on in log order, never before the entry is readable. A send whose key the log knows (30 days)
/// makes no second message. Membership is checked here, at the door. Throws `StoreError` only: then the entry may or may not have
/// been kept, and a retry with the same key is safe.
public protocol MessageLog: Sendable {
  func append(_ send: Send) async throws -> SendOutcome
  func append(_ mark: ReadMark) async throws -> ReadOutcome
}

/// A message on its way in. Bounded and validated by the caller.
public struct Send: Sendable {
  public let chat: ChatID
  public let sender: UserID
  public let text: String
  public let key: IdempotencyKey?
  public let device: DeviceID?
  /// Monotonic nanoseconds of this process when the request had arrived.
  public let acceptedAt: UInt64

  public init(
    chat: ChatID, sender: UserID, text: String, key: IdempotencyKey?, device: DeviceID?, acceptedAt: UInt64 = 0
  ) {
    self.chat = chat
    self.sender = sender
    self.text = text
    self.key = key
    self.device = device
    self.acceptedAt = acceptedAt
  }
}

public enum SendOutcome: Sendable, Equatable {
  case appended(Message)
  /// The key was known with the same text: the first message.
  case repeated(Message)
  /// The key was known with another text.
  case keyReused
  /// No such chat, or the sender is not in it.
  case notAMember
}

public struct ReadMark: Sendable, Hashable {
  public let chat: ChatID
  public let user: UserID
  public let upTo: TimeUUID

  public init(chat: ChatID, user: UserID, upTo: TimeUUID) {
    self.chat = chat
    self.user = user
    self.upTo = upTo
  }
}

public enum ReadOutcome: Sendable, Equatable {
  /// Marks never move backwards: an older one is accepted and changes nothing.
  case done
  /// The id is none of a message of this chat, for instance one beyond the last.
  case noSuchMessage
  case notAMember
}
