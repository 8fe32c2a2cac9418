import ChatDomain
import MessageLogEmbedded
import SQLiteEngine
import TestSupport

@testable import ChatStoreSQLite

/// A `ChatStore` and a `MessageLog` over the same data: what the suites below run on.
struct ChatPorts: Sendable {
  let store: any ChatStore
  let log: any MessageLog
  let receiver: RecordingReceiver
  let clock: SteppingClock
  let database: SQLiteDatabase
  let journal: SQLiteMessageJournal
  /// Starts again over the same data, as after a crash.
  let reopened: @Sendable () async throws -> ChatPorts

  static func sqlite(knownChats: KnownChats = KnownChats()) async throws -> ChatPorts {
    try await sqlite(in: try TemporaryFolder(), clock: SteppingClock(), knownChats)
  }

  private static func sqlite(
    in folder: TemporaryFolder, clock: SteppingClock, _ knownChats: KnownChats
  ) async throws -> ChatPorts {
    let database = try SQLiteDatabase(path: folder.path + "/chats.db")
    try await database.migrate(module: SQLiteChatSchema.module, SQLiteChatSchema.migrations)
    let receiver = RecordingReceiver()
    let journal = SQLiteMessageJournal(database: database, node: 7, clock: { clock.now }, chats: knownChats)
    return ChatPorts(
      store: SQLiteChatStore(database: database), log: EmbeddedMessageLog(journal: journal, receiver: receiver),
      receiver: receiver, clock: clock, database: database, journal: journal,
      reopened: {
        await database.close()
        return try await sqlite(in: folder, clock: clock, knownChats)
      })
  }

  // MARK: Shorthands

  func direct(_ a: UserID, _ b: UserID) async throws -> ChatID {
    let id = ChatID.direct(a, b)
    _ = try await store.createChat(newChat(id, .direct, by: a, [a, b]))
    return id
  }

  func group(_ members: [UserID]) async throws -> ChatID {
    let id = ChatID.random()
    _ = try await store.createChat(newChat(id, .group, by: members[0], members))
    return id
  }

  func newChat(
    _ id: ChatID, _ kind: ChatKind, by creator: UserID, _ members: [UserID], key: IdempotencyKey? = nil,
    limit: Int? = nil
  ) -> NewChat {
    NewChat(
      id: id, kind: kind, title: kind == .group ? "Dunes" : nil, creator: creator, members: members, key: key,
      createdAt: Timestamp(milliseconds: clock.now / 1_000), unansweredLimit: limit)
  }

  func send(_ text: String, _ sender: UserID, _ chat: ChatID, key: IdempotencyKey? = nil) async throws -> SendOutcome {
    try await log.append(Send(chat: chat, sender: sender, text: text, key: key, device: nil))
  }

  /// Sends and returns the message; the test fails if it is refused.
  func sent(_ text: String, _ sender: UserID, _ chat: ChatID, key: IdempotencyKey? = nil) async throws -> Message {
    guard case .appended(let message) = try await send(text, sender, chat, key: key) else {
      throw StoreError(.unavailable, "the send was not appended")
    }
    return message
  }
}
