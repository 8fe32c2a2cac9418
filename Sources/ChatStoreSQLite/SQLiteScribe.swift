import ChatDomain
import SQLiteEngine

/// What a send or a read mark does within its transaction. Lives on the writer's thread.
///
/// A group may be rolled back and run again, so what is learned here about a chat is kept only after its commit. The stamper may run ahead of what
/// was committed: it only rises.
final class SQLiteScribe: @unchecked Sendable {  // Touched by the writer's thread only.
  /// The outcome, the news it makes, and what was learned about the chat on the way.
  struct Written<Outcome: Sendable>: Sendable {
    let outcome: Outcome
    var delivery: Delivery?
    var learned: KnownChat?
  }

  private var stamper: TimeUUIDStamper
  private var chats: KnownChats

  init(node: UInt64, chats: KnownChats) {
    stamper = TimeUUIDStamper(node: node)
    self.chats = chats
  }

  func committed<Outcome>(_ written: Written<Outcome>) {
    if let chat = written.learned { chats.keep(chat) }
  }

  func write(_ send: Send, now: Int64, to connection: SQLiteConnection) throws -> Written<SendOutcome> {
    let known = chats[send.chat]
    guard let chat = try known ?? KnownChat.find(send.chat, in: connection), chat.members.contains(send.sender) else {
      return Written(outcome: .notAMember)
    }
    let (row, id) = (chat.row, stamper.next(now: now, above: chat.row.head))
    if let key = send.key, let first = try row.claim(key, by: send.sender, for: id, in: connection) {
      return Written(outcome: first.text == send.text ? .repeated(first) : .keyReused)
    }
    let message = Message(id: id, chat: send.chat, sender: send.sender, text: send.text, key: send.key)
    let isAnswer = !row.isAnswered && send.sender != row.chat.createdBy
    try row.insert(message, isAnswer: isAnswer, in: connection)
    let delivery = Delivery(
      news: .message(message), recipients: chat.members, senderDevice: send.key == nil ? nil : send.device,
      acceptedAt: send.acceptedAt)
    return Written(
      outcome: .appended(message), delivery: delivery, learned: isAnswer ? chat.answered : known == nil ? chat : nil)
  }

  func write(_ mark: ReadMark, to connection: SQLiteConnection) throws -> Written<ReadOutcome> {
    guard let row = try ChatRow.find(mark.chat, in: connection), let own = try row.member(mark.user, in: connection)
    else { return Written(outcome: .notAMember) }
    if mark.upTo <= own.readUpTo ?? .beforeEverything { return Written(outcome: .done) }
    guard let message = try row.message(mark.upTo, in: connection) else { return Written(outcome: .noSuchMessage) }
    try connection.run(
      "UPDATE members SET read_ticks = ?, read_tail = ? WHERE chat = ? AND user = ?",
      .ticks(mark.upTo), .tail(mark.upTo), .integer(row.number), .id(mark.user))
    var recipients = [mark.user]
    if row.chat.memberCount <= ChatLimits.receiptMembers {
      recipients = try chats[mark.chat]?.members ?? row.members(in: connection)
    } else if message.sender != mark.user {
      recipients.append(message.sender)
    }
    let news = Delivery.News.read(chat: mark.chat, user: mark.user, upTo: mark.upTo)
    return Written(outcome: .done, delivery: Delivery(news: news, recipients: recipients))
  }
}

extension ChatRow {
  /// Takes the key for `id`, unless a message was sent with it within `SQLiteMessageJournal.keyLifeTicks`: then that one.
  fileprivate func claim(
    _ key: IdempotencyKey, by sender: UserID, for id: TimeUUID, in connection: SQLiteConnection
  ) throws -> Message? {
    try connection.run(
      "INSERT INTO sent_keys (chat, sender, key, ticks, tail) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
      .integer(number), .id(sender), .id(key), .ticks(id), .tail(id))
    if connection.changedRows > 0 { return nil }
    let earlier = try connection.first(
      "SELECT ticks, tail FROM sent_keys WHERE chat = ? AND sender = ? AND key = ?",
      .integer(number), .id(sender), .id(key)
    ) { $0.timeUUID(0) }
    if let earlier, id.ticks - earlier.ticks < SQLiteMessageJournal.keyLifeTicks,
      let first = try message(earlier, in: connection)
    {
      return first
    }
    try connection.run(
      "UPDATE sent_keys SET ticks = ?, tail = ? WHERE chat = ? AND sender = ? AND key = ?",
      .ticks(id), .tail(id), .integer(number), .id(sender), .id(key))
    return nil
  }

  /// - Parameter isAnswer: it is the first message of somebody but the chat's creator.
  fileprivate func insert(_ message: Message, isAnswer: Bool, in connection: SQLiteConnection) throws {
    try connection.run(
      "INSERT INTO messages (chat, ticks, tail, sender, kind, text, key) VALUES (?, ?, ?, ?, ?, ?, ?)",
      .integer(number), .ticks(message.id), .tail(message.id), .id(message.sender), .text(message.kind.rawValue),
      .text(message.text), .id(message.key))
    try connection.run(
      "UPDATE chats SET head_ticks = ?, head_tail = ? WHERE no = ?", .ticks(message.id), .tail(message.id),
      .integer(number))
    if isAnswer { try connection.run("UPDATE chats SET answered = 1 WHERE no = ?", .integer(number)) }
  }
}
