/// Chats, members, history and read marks, to read; and the creation of chats.
///
/// Contract. Reads see every write that was answered before they began. What a user is not a member of does not exist for them: `nil`,
/// the same as for an unknown id. Every error thrown is a `StoreError`.
public protocol ChatStore: Sendable {
  /// Creates the chat with its members, or finds the one that exists: the same id, or the same creator and key. Atomic, limits included:
  /// two racing creators of one direct chat get the same chat, and one of them `.created`.
  func createChat(_ chat: NewChat) async throws -> ChatCreation

  /// What `user` sees of a chat; nil unless they are a member.
  func summary(of chat: ChatID, for user: UserID) async throws -> ChatSummary?

  /// The user's chats, newest activity first; a direct chat without a message is listed for its creator only.
  func summaries(for user: UserID, after: ChatListCursor?, quantity: Int) async throws -> Page<
    ChatSummary, ChatListCursor
  >

  /// Heads of all chats that `summaries` would list, in one answer; in no particular order.
  func heads(for user: UserID) async throws -> [ChatHead]

  /// All members, at most `ChatLimits.members`, in no particular order; nil unless `user` is one of them.
  func members(of chat: ChatID, for user: UserID) async throws -> [MemberMark]?

  /// A page of history; nil unless `user` is a member. `next` is the last id of the page, nil when nothing lies beyond it.
  func history(of chat: ChatID, for user: UserID, _ range: HistoryRange, quantity: Int) async throws
    -> Page<Message, TimeUUID>?
}

public enum HistoryRange: Sendable, Hashable {
  /// Newest first, from the newest.
  case latest
  /// Newest first, strictly before.
  case before(TimeUUID)
  /// Oldest first, strictly after.
  case after(TimeUUID)
}

/// Where the next page of a chat list starts: strictly after the chat with this activity and id.
public struct ChatListCursor: Sendable, Hashable {
  /// The TimeUUID ticks of its newest message, or its creation on the same scale.
  public let activity: UInt64
  public let chat: ChatID

  public init(activity: UInt64, chat: ChatID) {
    self.activity = activity
    self.chat = chat
  }
}

public struct NewChat: Sendable {
  public let id: ChatID
  public let kind: ChatKind
  public let title: String?
  public let creator: UserID
  /// The creator among them; each once.
  public let members: [UserID]
  public let key: IdempotencyKey?
  public let createdAt: Timestamp
  /// How many chats in which nobody answered yet the creator may open within the 24 hours before; nil: any number.
  public let unansweredLimit: Int?

  public init(
    id: ChatID, kind: ChatKind, title: String?, creator: UserID, members: [UserID], key: IdempotencyKey?,
    createdAt: Timestamp, unansweredLimit: Int?
  ) {
    self.id = id
    self.kind = kind
    self.title = title
    self.creator = creator
    self.members = members
    self.key = key
    self.createdAt = createdAt
    self.unansweredLimit = unansweredLimit
  }
}

public enum ChatCreation: Sendable, Equatable {
  case created
  case existed(ChatID)
  /// The creator's key made another chat: other members, or another title.
  case keyReused
  /// A member has `ChatLimits.chatsPerUser` chats already.
  case tooManyChats(UserID)
  /// `NewChat.limit` is reached; the next one is possible when the oldest that counts is a day old.
  case tooManyUnanswered(oldest: Timestamp)
}
