import ChatDomain
import SQLiteEngine

/// What the scribe needs of a chat to take a send. Members never change yet; when they do, that change passes the scribe too.
struct KnownChat: Sendable {
  /// Its head is the one that was read: the present one or an earlier one.
  private(set) var row: ChatRow
  let members: [UserID]

  static func find(_ chat: ChatID, in connection: SQLiteConnection) throws -> KnownChat? {
    guard let row = try ChatRow.find(chat, in: connection) else { return nil }
    return KnownChat(row: row, members: try row.members(in: connection))
  }

  /// The same chat once somebody but its creator has sent.
  var answered: KnownChat {
    var chat = self
    chat.row.isAnswered = true
    return chat
  }
}

/// Chats that were written to lately. When they are too many all are forgotten, and looked up again.
struct KnownChats {
  private var chats: [ChatID: KnownChat] = [:]
  private var weight = 0
  private let weightLimit: Int
  private static let weightOfRow = 16

  /// - Parameter weightLimit: in units of 16 bytes, a member's id: at most some 4 MiB.
  init(weightLimit: Int = 200_000) {
    self.weightLimit = weightLimit
  }

  subscript(chat: ChatID) -> KnownChat? { chats[chat] }

  mutating func keep(_ chat: KnownChat) {
    if let before = chats[chat.row.chat.id] {
      weight -= KnownChats.weight(of: before)
    } else if weight > weightLimit {
      chats.removeAll(keepingCapacity: true)
      weight = 0
    }
    chats[chat.row.chat.id] = chat
    weight += KnownChats.weight(of: chat)
  }

  private static func weight(of chat: KnownChat) -> Int { weightOfRow + chat.members.count }
}
