import ChatDomain
import SQLiteEngine

extension ChatRow {
  func messages(_ range: HistoryRange, limit: Int, in connection: SQLiteConnection) throws -> [Message] {
    let read = { (row: SQLiteStatement) in try Message(chat: chat.id, row) }
    switch range {
    case .latest:
      return try connection.all(
        """
        SELECT ticks, tail, sender, kind, text, key FROM messages WHERE chat = ? ORDER BY ticks DESC, tail DESC LIMIT ?
        """, .integer(number), .integer(limit), read: read)
    case .before(let id):
      return try connection.all(
        """
        SELECT ticks, tail, sender, kind, text, key FROM messages WHERE chat = ? AND (ticks, tail) < (?, ?)
        ORDER BY ticks DESC, tail DESC LIMIT ?
        """, .integer(number), .ticks(id), .tail(id), .integer(limit), read: read)
    case .after(let id):
      return try connection.all(
        """
        SELECT ticks, tail, sender, kind, text, key FROM messages WHERE chat = ? AND (ticks, tail) > (?, ?)
        ORDER BY ticks, tail LIMIT ?
        """, .integer(number), .ticks(id), .tail(id), .integer(limit), read: read)
    }
  }

  /// nil unless `user` is a member.
  func summary(for user: UserID, in connection: SQLiteConnection) throws -> ChatSummary? {
    guard let own = try member(user, in: connection) else { return nil }
    let others = try connection.all(
      "SELECT user, read_ticks, read_tail FROM members WHERE chat = ? AND user <> ? LIMIT ?",
      .integer(number), .id(user), .integer(ChatLimits.summaryMembers - 1)
    ) { MemberMark(user: try $0.id(0), readUpTo: $0.optionalTimeUUID(1)) }
    return ChatSummary(
      chat: chat, members: [own] + others, lastMessage: try head.flatMap { try message($0, in: connection) },
      unread: try UnreadCount(chat: number, head: head).count(for: own, in: connection), readUpTo: own.readUpTo)
  }
}

/// Counts a member's unread messages.
struct UnreadCount {
  let chat: Int64
  let head: TimeUUID?

  /// How many messages after the mark are looked at: one's own do not count, and without a bound a long monologue would be read whole.
  private static let scanned = 1_000

  func count(for member: MemberMark, in connection: SQLiteConnection) throws -> Int {
    guard let head else { return 0 }
    let mark = member.readUpTo ?? .beforeEverything
    if mark >= head { return 0 }
    return try connection.first(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM (
          SELECT sender, kind FROM messages WHERE chat = ? AND (ticks, tail) > (?, ?) ORDER BY ticks, tail LIMIT ?
        ) WHERE sender <> ? AND kind = 'text' LIMIT ?)
      """,
      .integer(chat), .ticks(mark), .tail(mark), .integer(UnreadCount.scanned), .id(member.user),
      .integer(ChatLimits.unreadCap)
    ) { Int($0.integer(0)) } ?? 0
  }
}
