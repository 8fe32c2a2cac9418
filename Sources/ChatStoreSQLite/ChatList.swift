import ChatDomain
import SQLiteEngine

/// The chats that a user's list shows. A user has at most `ChatLimits.chatsPerUser`, so sorting them costs a few milliseconds at worst and
/// no message has to touch an index of activity.
struct ChatList {
  let user: UserID
  let connection: SQLiteConnection

  /// Newest activity first, then by id.
  func page(after: ChatListCursor?, quantity: Int) throws -> [ChatListCursor] {
    // 122192928000000000 ticks lie between 1582-10-15 and 1970-01-01, 10000 in a millisecond.
    try connection.all(
      """
      SELECT activity, id FROM (
        SELECT ifnull(c.head_ticks, c.created_at * 10000 + 122192928000000000) AS activity, c.id AS id
        FROM members m JOIN chats c ON c.no = m.chat
        WHERE m.user = ?1 AND (c.head_ticks IS NOT NULL OR c.kind <> 'direct' OR c.creator = ?1))
      WHERE (activity, id) < (?2, ?3) ORDER BY activity DESC, id DESC LIMIT ?4
      """,
      .id(user), .integer(after.map { Int64(bitPattern: $0.activity) } ?? .max),
      after.map { .id($0.chat) } ?? .blob([UInt8](repeating: 0xFF, count: 16)), .integer(quantity)
    ) { ChatListCursor(activity: UInt64(bitPattern: $0.integer(0)), chat: try $0.id(1)) }
  }

  func heads() throws -> [ChatHead] {
    let rows = try connection.all(
      """
      SELECT c.id, c.no, c.head_ticks, c.head_tail, m.read_ticks, m.read_tail
      FROM members m JOIN chats c ON c.no = m.chat
      WHERE m.user = ?1 AND (c.head_ticks IS NOT NULL OR c.kind <> 'direct' OR c.creator = ?1)
      """, .id(user)
    ) { row in
      (
        id: try row.id(0) as ChatID, number: row.integer(1), head: row.optionalTimeUUID(2),
        mark: row.optionalTimeUUID(4)
      )
    }
    return try rows.map { row in
      let unread = try UnreadCount(chat: row.number, head: row.head).count(
        for: MemberMark(user: user, readUpTo: row.mark), in: connection)
      return ChatHead(chat: row.id, lastMessage: row.head, unread: unread)
    }
  }
}
