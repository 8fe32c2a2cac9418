import ChatDomain
import NIOCore
import NIOHTTP1

/// The calls of the API, for any number of users over one pool of connections.
///
/// Every call that may be repeated safely is repeated as `retries` says. Throws `ClientError`.
public struct APIClient: Sendable {
  public let pool: HTTPPool
  public var retries: RetryPolicy

  public init(_ pool: HTTPPool, retries: RetryPolicy = RetryPolicy(limit: .seconds(60))) {
    self.pool = pool
    self.retries = retries
  }

  /// Registers and logs in. Free to repeat: the name is drawn at random by the caller, so that its owner is always ours.
  public func register(username: String, password: String) async throws -> UserSession {
    let body = APIClient.object([("username", username), ("password", password)])
    try await retries.run { attempt in
      let answer = try await pool.send(ClientRequest(.POST, "/users", body: body))
      if attempt > 0, answer.status == 409 { return }
      try answer.expecting(201)
    }
    return try await login(username: username, password: password)
  }

  public func login(username: String, password: String) async throws -> UserSession {
    let body = APIClient.object([("username", username), ("password", password)])
    let session = try await retries.run { _ in
      try await pool.send(ClientRequest(.POST, "/login", body: body)).expecting(200).decode(WireSession.self)
    }
    return UserSession(session)
  }

  func refresh(_ token: String) async throws -> WireSession {
    let body = APIClient.object([("refresh_token", token)])
    return try await pool.send(ClientRequest(.POST, "/token", body: body)).expecting(200).decode(WireSession.self)
  }

  /// Creates or finds the direct chat with `other`.
  public func directChat(_ session: UserSession, with other: UserID) async throws -> ChatID {
    try await createChat(session, APIClient.object([("user_id", other.description)]))
  }

  public func groupChat(_ session: UserSession, title: String, others: [UserID]) async throws -> ChatID {
    var json = JSONBytes()
    json.raw(#"{"title":"#)
    json.string(title)
    json.raw(#","members":["#)
    for (index, user) in others.enumerated() {
      if index > 0 { json.raw(",") }
      json.string(user.description)
    }
    json.raw("]}")
    return try await createChat(session, json.bytes)
  }

  private func createChat(_ session: UserSession, _ body: [UInt8]) async throws -> ChatID {
    let headers: HTTPHeaders = ["Idempotency-Key": IdempotencyKey.random().description]
    return try await retries.run { _ in
      let token = try await session.token(self)
      return try await pool.send(ClientRequest(.POST, "/chat", token: token, headers: headers, body: body))
        .expecting(200, 201).decode(WireChat.self).id
    }
  }

  /// Sends; repeats under the same key until the server has answered.
  public func send(
    _ text: String, to chat: ChatID, _ session: UserSession, key: IdempotencyKey = .random()
  ) async throws
    -> WireMessage
  {
    try await retries.run { _ in
      let request = APIClient.send(text, to: chat, token: try await session.token(self), key: key)
      return try await pool.send(request).expecting(200, 201).decode(WireMessage.self)
    }
  }

  /// The request of a send, for loops that stay on an event loop.
  public static func send(_ text: String, to chat: ChatID, token: String, key: IdempotencyKey) -> ClientRequest {
    ClientRequest(
      .POST, "/chat/\(chat)", token: token, headers: ["Idempotency-Key": key.description],
      body: object([("text", text)]))
  }

  static func object(_ fields: [(String, String)]) -> [UInt8] {
    var json = JSONBytes()
    json.raw("{")
    for (index, field) in fields.enumerated() {
      if index > 0 { json.raw(",") }
      json.string(field.0)
      json.raw(":")
      json.string(field.1)
    }
    json.raw("}")
    return json.bytes
  }
}
