import ChatDomain
import SQLiteEngine

/// What a send or a read mark does within its transaction. Lives on the writer's thread.
///
/// A group may be rolled back and run again, so what is learned here (members) is kept only after its commit. The stamper may run ahead of what
/// was committed: it only rises.
final class SQLiteScribe: @unchecked Sendable {  // Touched by the writer's thread only.
  /// The outcome, the news it makes, and members that were looked up on the way.
  struct Written<Outcome: Sendable>: Sendable {
    let outcome: Outcome
    var delivery: Delivery?
    var members: (chat: ChatID, users: [UserID])?
  }

  private var stamper: TimeUUIDStamper
  /// Members of chats that were written to lately. They never change yet; when they do, that change passes here too.
  private var membersByChat: [ChatID: [UserID]] = [:]
  private var cachedMembers = 0
  /// 16 bytes each: at most some 4 MiB.
  private static let cachedMembersLimit = 200_000

  init(node: UInt64) {
    stamper = TimeUUIDStamper(node: node)
  }

  func committed<Outcome>(_ written: Written<Outcome>) {
    guard let (chat, users) = written.members, membersByChat[chat] == nil else { return }
    if cachedMembers + users.count > SQLiteScribe.cachedMembersLimit {
      membersByChat.removeAll(keepingCapacity: true)
      cachedMembers = 0
    }
    membersByChat[chat] = users
    cachedMembers += users.count
  }

  func write(_ send: Send, now: Int64, to connection: SQLiteConnection) throws -> Written<SendOutcome> {
    guard let row = try ChatRow.find(send.chat, in: connection) else { return Written(outcome: .notAMember) }
    let (members, found) = try members(of: row, in: connection)
    guard members.contains(send.sender) else { return Written(outcome: .notAMember) }
    let id = stamper.next(now: now, above: row.head)
    if let key = send.key, let first = try row.sent(key, by: send.sender, in: connection),
      id.ticks - first.id.ticks < SQLiteMessageJournal.keyLifeTicks
    {
      return Written(outcome: first.text == send.text ? .repeated(first) : .keyReused)
    }
    let message = Message(id: id, chat: send.chat, sender: send.sender, text: send.text, key: send.key)
    try row.insert(message, in: connection)
    let delivery = Delivery(
      news: .message(message), recipients: members, senderDevice: send.key == nil ? nil : send.device,
      acceptedAt: send.acceptedAt)
    return Written(outcome: .appended(message), delivery: delivery, members: found ? nil : (send.chat, members))
  }

  func write(_ mark: ReadMark, to connection: SQLiteConnection) throws -> Written<ReadOutcome> {
    guard let row = try ChatRow.find(mark.chat, in: connection), let own = try row.member(mark.user, in: connection)
    else { return Written(outcome: .notAMember) }
    guard let head = row.head, mark.upTo <= head else { return Written(outcome: .beyondTheEnd) }
    if let before = own.readUpTo, before >= mark.upTo { return Written(outcome: .done) }
    try connection.run(
      "UPDATE members SET read_ticks = ?, read_tail = ? WHERE chat = ? AND user = ?",
      .ticks(mark.upTo), .tail(mark.upTo), .integer(row.number), .id(mark.user))
    var recipients = [mark.user]
    if row.chat.memberCount <= ChatLimits.receiptMembers {
      recipients = try members(of: row, in: connection).users
    } else if let sender = try row.message(mark.upTo, in: connection)?.sender, sender != mark.user {
      recipients.append(sender)
    }
    let news = Delivery.News.read(chat: mark.chat, user: mark.user, upTo: mark.upTo)
    return Written(outcome: .done, delivery: Delivery(news: news, recipients: recipients))
  }

  private func members(of row: ChatRow, in connection: SQLiteConnection) throws -> (users: [UserID], cached: Bool) {
    if let known = membersByChat[row.chat.id] { return (known, true) }
    let users = try connection.all("SELECT user FROM members WHERE chat = ?", .integer(row.number)) {
      try $0.id(0) as UserID
    }
    return (users, false)
  }
}

extension ChatRow {
  /// The message that was sent with this key.
  fileprivate func sent(_ key: IdempotencyKey, by sender: UserID, in connection: SQLiteConnection) throws -> Message? {
    let id = try connection.first(
      "SELECT ticks, tail FROM sent_keys WHERE chat = ? AND sender = ? AND key = ?",
      .integer(number), .id(sender), .id(key)
    ) { $0.timeUUID(0) }
    return try id.flatMap { try message($0, in: connection) }
  }

  fileprivate func insert(_ message: Message, in connection: SQLiteConnection) throws {
    try connection.run(
      "INSERT INTO messages (chat, ticks, tail, sender, kind, text, key) VALUES (?, ?, ?, ?, ?, ?, ?)",
      .integer(number), .ticks(message.id), .tail(message.id), .id(message.sender), .text(message.kind.rawValue),
      .text(message.text), .id(message.key))
    if let key = message.key {
      try connection.run(
        "INSERT OR REPLACE INTO sent_keys (chat, sender, key, ticks, tail) VALUES (?, ?, ?, ?, ?)",
        .integer(number), .id(message.sender), .id(key), .ticks(message.id), .tail(message.id))
    }
    try connection.run(
      "UPDATE chats SET head_ticks = ?, head_tail = ?, answered = ? WHERE no = ?", .ticks(message.id),
      .tail(message.id),
      .integer(isAnswered || message.sender != chat.createdBy ? 1 : 0), .integer(number))
  }
}
