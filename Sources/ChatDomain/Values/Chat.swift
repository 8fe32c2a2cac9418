public enum ChatKind: String, Sendable, Hashable {
  case direct, group
}

/// A chat as the store knows it: without the names of its members, which the user directory has.
public struct Chat: Sendable, Hashable {
  public let id: ChatID
  public let kind: ChatKind
  /// Groups only; 1–100 Unicode scalars.
  public let title: String?
  public let createdBy: UserID
  public let createdAt: Timestamp
  public let memberCount: Int

  public init(id: ChatID, kind: ChatKind, title: String?, createdBy: UserID, createdAt: Timestamp, memberCount: Int) {
    self.id = id
    self.kind = kind
    self.title = title
    self.createdBy = createdBy
    self.createdAt = createdAt
    self.memberCount = memberCount
  }
}

/// What one member sees of a chat.
public struct ChatSummary: Sendable, Hashable {
  public let chat: Chat
  /// Some members, at most `ChatLimits.summaryMembers`, the asking one first.
  public let members: [MemberMark]
  public let lastMessage: Message?
  /// Messages of others after the asking member's mark, counted to `ChatLimits.unreadCap` and no further.
  public let unread: Int
  public let readUpTo: TimeUUID?

  public init(chat: Chat, members: [MemberMark], lastMessage: Message?, unread: Int, readUpTo: TimeUUID?) {
    self.chat = chat
    self.members = members
    self.lastMessage = lastMessage
    self.unread = unread
    self.readUpTo = readUpTo
  }
}

/// A member and how far they have read.
public struct MemberMark: Sendable, Hashable {
  public let user: UserID
  public let readUpTo: TimeUUID?

  public init(user: UserID, readUpTo: TimeUUID?) {
    self.user = user
    self.readUpTo = readUpTo
  }
}

/// A chat's newest message and one member's unread count: what a client compares when it catches up.
public struct ChatHead: Sendable, Hashable {
  public let chat: ChatID
  public let lastMessage: TimeUUID?
  public let unread: Int

  public init(chat: ChatID, lastMessage: TimeUUID?, unread: Int) {
    self.chat = chat
    self.lastMessage = lastMessage
    self.unread = unread
  }
}
