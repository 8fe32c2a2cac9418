import ChatDomain

extension ChatListCursor: LosslessStringConvertible {
  /// Opaque to clients: the activity in hexadecimal digits, a point, the chat's id.
  public var description: String { "\(String(activity, radix: 16)).\(chat)" }

  public init?(_ description: String) {
    let parts = description.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let activity = UInt64(parts[0], radix: 16), activity <= UInt64(Int64.max),
      let chat = ChatID(parts[1])
    else { return nil }
    self.init(activity: activity, chat: chat)
  }
}
