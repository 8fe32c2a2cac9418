import ChatDomain
import SQLiteEngine

/// Creates a chat within a transaction.
struct ChatCreator {
  let connection: SQLiteConnection

  private static let day: Int64 = 86_400_000

  func create(_ new: NewChat) throws -> ChatCreation {
    if let row = try ChatRow.find(new.id, in: connection) { return .existed(row.chat.id) }
    if let key = new.key, let id = try chat(createdWith: key, by: new.creator) {
      return try isSame(id, as: new) ? .existed(id) : .keyReused
    }
    for member in new.members where try chatCount(of: member) >= ChatLimits.chatsPerUser {
      return .tooManyChats(member)
    }
    if let limit = new.unansweredLimit, let oldest = try oldestUnanswered(new, beyond: limit) {
      return .tooManyUnanswered(oldest: oldest)
    }
    try connection.run(
      """
      INSERT INTO chats (id, kind, title, creator, creation_key, created_at, member_count) VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      .id(new.id), .text(new.kind.rawValue), .optional(new.title), .id(new.creator), .id(new.key),
      .integer(new.createdAt.milliseconds), .integer(new.members.count))
    let number = connection.lastInsertedRow
    for member in new.members {
      try connection.run("INSERT INTO members (chat, user) VALUES (?, ?)", .integer(number), .id(member))
    }
    return .created
  }

  private func chat(createdWith key: IdempotencyKey, by creator: UserID) throws -> ChatID? {
    try connection.first(
      "SELECT id FROM chats WHERE creator = ? AND creation_key = ?", .id(creator), .id(key)
    ) { try $0.id(0) }
  }

  /// Whether a repeated creation means the chat that its key made.
  private func isSame(_ id: ChatID, as new: NewChat) throws -> Bool {
    guard let row = try ChatRow.find(id, in: connection), row.chat.title == new.title else { return false }
    return Set(try row.members(in: connection)) == Set(new.members)
  }

  private func chatCount(of user: UserID) throws -> Int {
    try connection.first("SELECT count(*) FROM members WHERE user = ?", .id(user)) { Int($0.integer(0)) } ?? 0
  }

  /// When the oldest of the creator's unanswered chats of the last day was made, if they have `limit` of them.
  private func oldestUnanswered(_ new: NewChat, beyond limit: Int) throws -> Timestamp? {
    try connection.first(
      "SELECT count(*), min(created_at) FROM chats WHERE creator = ? AND answered = 0 AND created_at > ?",
      .id(new.creator), .integer(new.createdAt.milliseconds - ChatCreator.day)
    ) { row in
      row.integer(0) >= limit
        ? Timestamp(milliseconds: row.isNull(1) ? new.createdAt.milliseconds : row.integer(1)) : nil
    } ?? nil
  }
}
