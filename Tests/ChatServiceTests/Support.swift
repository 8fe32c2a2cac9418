import ChatDomain
import ChatService
import ChatStoreSQLite
import FoundationEssentials
import HTTPServer
import MessageLogEmbedded
import Metrics
import SQLiteEngine
import TestSupport
import Testing
import UserStoreSQLite

/// The chat role's routes over SQLite, without sockets. Whoever has an account is let in by their id as the bearer token.
struct ChatFixture: Sendable {
  let users: SQLiteUserStore
  let receiver = RecordingReceiver()
  /// The wall clock.
  let clock = SteppingClock()
  /// The monotonic clock that requests arrive by, microseconds.
  let monotonic = SteppingClock(1_000_000_000)
  private let responder: Responder

  init(_ settings: ChatSettings = ChatSettings()) async throws {
    let folder = try TemporaryFolder()
    let database = try SQLiteDatabase(path: folder.path + "/chats.db")
    try await database.migrate(module: "users", SQLiteUserStore.migrations)
    try await database.migrate(module: SQLiteChatSchema.module, SQLiteChatSchema.migrations)
    let (users, clock) = (SQLiteUserStore(database), clock)
    self.users = users
    let journal = SQLiteMessageJournal(database: database, node: 7, clock: { clock.now })
    let service = ChatService(
      store: SQLiteChatStore(database: database), log: EmbeddedMessageLog(journal: journal, receiver: receiver),
      directory: users, settings: settings, metrics: MetricsRegistry(),
      now: { Timestamp(milliseconds: clock.now / 1_000) }
    ) { [folder] request in
      _ = folder
      guard let user = request.bearerToken.flatMap({ UserID($0) }), try await users.account(id: user) != nil else {
        throw Problem.unauthorized("nobody that we know")
      }
      return user
    }
    var routes = Routes()
    service.addRoutes(to: &routes)
    responder = Responder(routes)
  }

  struct Reply: Sendable {
    let status: Int
    let retryAfter: Int?
    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func read<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
      try JSONDecoder().decode(type, from: Data(bytes))
    }

    /// The code of a problem; nil for another answer.
    var problem: String? { (try? read(Refusal.self)).flatMap { $0.type.split(separator: "/").last.map(String.init) } }
    var detail: String { (try? read(Refusal.self).detail) ?? "" }
  }

  func call(
    _ method: Method, _ target: String, _ body: String? = nil, by user: UserID?, headers: Headers = [:]
  ) async throws -> Reply {
    var headers = headers
    if let user { headers["Authorization"] = "Bearer \(user)" }
    if body != nil { headers["Content-Type"] = "application/json" }
    let request = try Request(
      method, target, headers: headers, body: Array((body ?? "").utf8), arrivedAt: UInt64(monotonic.now) * 1_000)
    let response = await responder.respond(to: request)
    return Reply(
      status: response.status.code, retryAfter: response.headers["Retry-After"].flatMap { Int($0) },
      bytes: response.bytes)
  }

  // MARK: Shorthands; the test fails where they are refused.

  func user(_ name: String) async throws -> UserID {
    let user = User(id: .random(), username: name, displayName: name, createdAt: Timestamp(milliseconds: 5))
    #expect(try await users.createUser(ifUsernameFree: NewUser(user: user, passwordHash: "")) == .created)
    return user.id
  }

  func users(_ count: Int) async throws -> [UserID] {
    // At once, so that they share commits.
    let ids = try await withThrowingTaskGroup(of: (Int, UserID).self) { group in
      for number in 0..<count { group.addTask { (number, try await user("user\(number)")) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    return ids.sorted { $0.0 < $1.0 }.map(\.1)
  }

  func direct(_ a: UserID, _ b: UserID) async throws -> WireChat {
    try await call(.POST, "/chat", #"{"user_id":"\#(b)"}"#, by: a).read()
  }

  func group(_ creator: UserID, _ others: [UserID], title: String = "Dunes") async throws -> WireChat {
    let list = others.map { "\"\($0)\"" }.joined(separator: ",")
    return try await call(.POST, "/chat", #"{"members":[\#(list)],"title":"\#(title)"}"#, by: creator).read()
  }

  func send(_ text: String, to chat: WireChat, by user: UserID) async throws -> WireMessage {
    clock.advance(by: 1_000)
    monotonic.advance(by: 1_000_000)
    let reply = try await call(.POST, "/chat/\(chat.id)", #"{"text":"\#(text)"}"#, by: user)
    #expect(reply.status == 201)
    return try reply.read()
  }

  func page(_ chat: WireChat, _ query: String = "", by user: UserID) async throws -> WirePage {
    try await call(.GET, "/chat/\(chat.id)\(query)", by: user).read()
  }

  func info(_ chat: WireChat, by user: UserID) async throws -> WireChat {
    try await call(.GET, "/chat/\(chat.id)/info", by: user).read()
  }
}

// What a client reads, as far as these tests look.

struct Refusal: Decodable {
  let type: String
  let detail: String?
}

struct WireMessage: Decodable, Equatable {
  let id: String
  let chat_id: String
  let sender_id: String
  let text: String
  let key: String?
}

struct WirePage: Decodable {
  let messages: [WireMessage]
  let next: String?
}

struct WireMember: Decodable {
  let user_id: String
  let username: String
  let read_up_to: String?
}

struct WireMembers: Decodable {
  let members: [WireMember]
  let next: String?
}

struct WireChat: Decodable {
  let id: String
  let kind: String
  let title: String?
  let member_count: Int
  let members: [WireMember]
  let last_message: WireMessage?
  let unread: Int
  let read_up_to: String?
}

struct WireChats: Decodable {
  let chats: [WireChat]
  let next: String?
}

struct WireHeads: Decodable {
  struct Head: Decodable {
    let chat_id: String
    let last_message_id: String?
    let unread: Int
  }
  let heads: [Head]
}
