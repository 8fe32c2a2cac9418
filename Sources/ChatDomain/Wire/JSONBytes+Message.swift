extension JSONBytes {
  /// `Message` of the HTTP contract, as `viewer` sees it: the key is its sender's own.
  public mutating func message(_ message: Message, for viewer: UserID) {
    opening(of: message)
    raw(#"","text":"#)
    string(message.text)
    closing(of: message, for: viewer)
    raw("}")
  }

  /// The same message without its text, for news that must stay small: the client fetches it.
  public mutating func stub(of message: Message, for viewer: UserID) {
    opening(of: message)
    raw(#"""#)
    closing(of: message, for: viewer)
    raw(#","fetch":true}"#)
  }

  /// Up to the kind, whose quote stays open: kinds are ours, and need no escape.
  private mutating func opening(of message: Message) {
    raw(#"{"id":""#)
    raw(message.id.description.utf8)
    raw(#"","chat_id":""#)
    raw(message.chat.description.utf8)
    raw(#"","sender_id":""#)
    raw(message.sender.description.utf8)
    raw(#"","kind":""#)
    raw(message.kind.rawValue.utf8)
  }

  private mutating func closing(of message: Message, for viewer: UserID) {
    raw(#","sent_at":""#)
    raw(message.sentAt.description.utf8)
    raw(#"","key":"#)
    if let key = message.key, viewer == message.sender {
      raw(#"""#)
      raw(key.description.utf8)
      raw(#"""#)
    } else {
      raw("null")
    }
  }
}
