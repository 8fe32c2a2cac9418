import AuthService
import ChatDomain
import ChatStoreSQLite
import FoundationEssentials
import LoadClient
import SQLiteEngine
import UserStoreSQLite

/// Fills a data folder while no server runs: users, chats and messages that would take long through the API.
public struct SeededData: Sendable {
  private let folder: String
  private let database: SQLiteDatabase
  private let tokens: TokenIssuer

  /// - Parameter tokenLifetime: of the tokens, seconds.
  public init(folder: String, tokenLifetime: Int64 = 86_400) async throws {
    self.folder = folder
    database = try SQLiteDatabase(path: folder + "/caravan.db")
    try await database.migrate(module: "users", SQLiteUserStore.migrations)
    try await database.migrate(module: SQLiteChatSchema.module, SQLiteChatSchema.migrations)
    let keys = try SigningKeyFile(path: folder + "/signing-keys.json").loadOrCreate()
    tokens = try TokenIssuer(keys, issuer: "caravan", audience: "caravan", lifetime: tokenLifetime)
  }

  /// Users who are logged in. They have no password.
  public func users(_ count: Int) async throws -> [UserSession] {
    let store = SQLiteUserStore(database)
    let now = SeededData.now()
    var sessions: [UserSession] = []
    // Many at a time, so that they share transactions.
    for start in stride(from: 0, to: count, by: 250) {
      let ids = (start..<min(count, start + 250)).map { _ in UserID.random() }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for id in ids {
          let name = "b" + id.description.prefix(23)
          let user = User(id: id, username: name, displayName: name, createdAt: now)
          group.addTask { _ = try await store.createUser(ifUsernameFree: NewUser(user: user, passwordHash: "none")) }
        }
        try await group.waitForAll()
      }
      sessions += try ids.map { id in
        UserSession(user: id, token: try tokens.token(for: id, session: SessionID.random(), now: now))
      }
    }
    return sessions
  }

  public func directChat(_ a: UserSession, _ b: UserSession) async throws -> ChatID {
    let id = ChatID.direct(a.user, b.user)
    _ = try await SQLiteChatStore(database: database).createChat(
      NewChat(id: id, kind: .direct, title: nil, creator: a.user, members: [a.user, b.user], key: nil,
        createdAt: SeededData.now(), unansweredLimit: nil))
    return id
  }

  /// Messages of one sender.
  /// - Returns: their ids.
  public func messages(_ count: Int, in chat: ChatID, from sender: UserSession) async throws -> [TimeUUID] {
    let journal = SQLiteMessageJournal(database: database, node: 1) { SeededData.now().milliseconds * 1_000 }
    var ids: [TimeUUID] = []
    for start in stride(from: 0, to: count, by: 250) {
      ids += try await withThrowingTaskGroup(of: TimeUUID?.self) { group in
        for number in start..<min(count, start + 250) {
          let send = Send(
            chat: chat, sender: sender.user, text: "message \(number) of a long and old conversation", key: .random(),
            device: nil)
          group.addTask {
            guard case .appended(let message) = try await journal.append(send, committed: { _ in }) else { return nil }
            return message.id
          }
        }
        return try await group.reduce(into: []) { ids, id in if let id { ids.append(id) } }
      }
    }
    return ids
  }

  public func close() async { await database.close() }

  static func now() -> Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }
}
