import ChatDomain
import SQLiteEngine

/// `ChatStore` over SQLite.
public struct SQLiteChatStore: ChatStore {
  private let database: SQLiteDatabase

  /// - Parameter database: migrated to `SQLiteChatSchema`.
  public init(database: SQLiteDatabase) {
    self.database = database
  }

  public func createChat(_ chat: NewChat) async throws -> ChatCreation {
    try await database.write { try ChatCreator(connection: $0).create(chat) }
  }

  public func summary(of chat: ChatID, for user: UserID) async throws -> ChatSummary? {
    try await database.read { connection in
      guard let row = try ChatRow.find(chat, in: connection) else { return nil }
      return try row.summary(for: user, in: connection)
    }
  }

  public func summaries(
    for user: UserID, after: ChatListCursor?, quantity: Int
  ) async throws -> Page<ChatSummary, ChatListCursor> {
    try await database.read { connection in
      let listed = try ChatList(user: user, connection: connection).page(after: after, quantity: quantity + 1)
      let summaries = try listed.prefix(quantity).compactMap { entry in
        try ChatRow.find(entry.chat, in: connection)?.summary(for: user, in: connection)
      }
      return Page(elements: summaries, next: listed.count > quantity ? listed[quantity - 1] : nil)
    }
  }

  public func heads(for user: UserID) async throws -> [ChatHead] {
    try await database.read { try ChatList(user: user, connection: $0).heads() }
  }

  public func members(of chat: ChatID, for user: UserID) async throws -> [MemberMark]? {
    try await database.read { connection in
      guard let row = try ChatRow.find(chat, in: connection), try row.member(user, in: connection) != nil else {
        return nil
      }
      return try connection.all(
        "SELECT user, read_ticks, read_tail FROM members WHERE chat = ?", .integer(row.number)
      ) { MemberMark(user: try $0.id(0), readUpTo: $0.optionalTimeUUID(1)) }
    }
  }

  public func history(
    of chat: ChatID, for user: UserID, _ range: HistoryRange, quantity: Int
  ) async throws -> Page<Message, TimeUUID>? {
    try await database.read { connection in
      guard let row = try ChatRow.find(chat, in: connection), try row.member(user, in: connection) != nil else {
        return nil
      }
      let messages = try row.messages(range, limit: quantity + 1, in: connection)
      let page = Array(messages.prefix(quantity))
      return Page(elements: page, next: messages.count > quantity ? page.last?.id : nil)
    }
  }
}
