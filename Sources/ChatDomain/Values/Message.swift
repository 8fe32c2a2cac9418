/// The kind of a message. A string, because later kinds must pass through code that does not know them.
public struct MessageKind: RawRepresentable, Sendable, Hashable {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  public static let text = MessageKind(rawValue: "text")
}

/// A message of the history. It never changes.
public struct Message: Sendable, Hashable {
  public let id: TimeUUID
  public let chat: ChatID
  public let sender: UserID
  public let kind: MessageKind
  /// 1–4,000 Unicode scalars.
  public let text: String
  /// Of its send; shown to the sender only.
  public let key: IdempotencyKey?

  public init(
    id: TimeUUID, chat: ChatID, sender: UserID, kind: MessageKind = .text, text: String, key: IdempotencyKey? = nil
  ) {
    self.id = id
    self.chat = chat
    self.sender = sender
    self.kind = kind
    self.text = text
    self.key = key
  }

  public var sentAt: Timestamp { Timestamp(milliseconds: id.milliseconds) }
}
