import ChatDomain
import SQLiteEngine

/// A row of `chats`.
struct ChatRow: Sendable {
  let number: Int64
  let chat: Chat
  let head: TimeUUID?
  var isAnswered: Bool

  private init(id: ChatID, _ row: SQLiteStatement) throws {
    number = row.integer(0)
    chat = Chat(
      id: id, kind: ChatKind(rawValue: row.text(1)) ?? .group, title: row.optionalText(2), createdBy: try row.id(3),
      createdAt: Timestamp(milliseconds: row.integer(4)), memberCount: Int(row.integer(5)))
    isAnswered = row.integer(6) != 0
    head = row.optionalTimeUUID(7)
  }

  static func find(_ id: ChatID, in connection: SQLiteConnection) throws -> ChatRow? {
    try connection.first(
      """
      SELECT no, kind, title, creator, created_at, member_count, answered, head_ticks, head_tail FROM chats WHERE id = ?
      """, .id(id)
    ) { try ChatRow(id: id, $0) }
  }

  /// The user's read mark, or nil if they are no member.
  func member(_ user: UserID, in connection: SQLiteConnection) throws -> MemberMark? {
    try connection.first(
      "SELECT read_ticks, read_tail FROM members WHERE chat = ? AND user = ?", .integer(number), .id(user)
    ) { MemberMark(user: user, readUpTo: $0.optionalTimeUUID(0)) }
  }

  func members(in connection: SQLiteConnection) throws -> [UserID] {
    try connection.all("SELECT user FROM members WHERE chat = ?", .integer(number)) { try $0.id(0) }
  }

  func message(_ id: TimeUUID, in connection: SQLiteConnection) throws -> Message? {
    try connection.first(
      "SELECT ticks, tail, sender, kind, text, key FROM messages WHERE chat = ? AND ticks = ? AND tail = ?",
      .integer(number), .ticks(id), .tail(id)
    ) { try Message(chat: chat.id, $0) }
  }
}

extension Message {
  /// From the columns ticks, tail, sender, kind, text, key.
  init(chat: ChatID, _ row: SQLiteStatement) throws {
    self.init(
      id: row.timeUUID(0), chat: chat, sender: try row.id(2), kind: MessageKind(rawValue: row.text(3)),
      text: row.text(4), key: row.optionalID(5))
  }
}
