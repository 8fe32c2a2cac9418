import ChatDomain
import NIOCore
import NIOHTTP1

extension APIClient {
  /// Oldest first, strictly after `cursor`.
  public func page(
    of chat: ChatID, after cursor: TimeUUID, quantity: Int = 200, _ session: UserSession
  ) async throws -> WirePage {
    try await read("/chat/\(chat)?after=\(cursor)&quantity=\(quantity)", session, WirePage.self)
  }

  /// The whole history, oldest first.
  public func history(of chat: ChatID, _ session: UserSession) async throws -> [WireMessage] {
    var messages: [WireMessage] = []
    var cursor = TimeUUID.beforeEverything
    while true {
      let page = try await page(of: chat, after: cursor, session)
      messages += page.messages
      guard let next = page.next, next > cursor else { return messages }
      cursor = next
    }
  }

  /// Of all the user's chats.
  public func heads(_ session: UserSession) async throws -> [WireHead] {
    try await read("/chat/heads", session, WireHeads.self).heads
  }

  private func read<Value: Decodable & Sendable>(
    _ target: String, _ session: UserSession, _ type: Value.Type
  ) async throws -> Value {
    try await retries.run { _ in
      let token = try await session.token(self)
      return try await pool.send(ClientRequest(.GET, target, token: token)).expecting(200).decode(type)
    }
  }
}
