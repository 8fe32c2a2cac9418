import ChatDomain
import HTTPServer

extension ChatService {
  /// `GET /chat`
  func list(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    let quantity = try request.query.int("quantity", in: 1...100, default: 20)
    let after = try request.query.value("after", "a cursor of this list") { ChatListCursor($0) }
    let page = try await store.summaries(for: caller, after: after, quantity: quantity)
    let names = try await names(of: page.elements)
    let json = JSONBytes.list("chats", page.elements, next: page.next?.description) {
      $0.chat($1, for: caller, names: names)
    }
    return .json(bytes: json.bytes)
  }

  /// `GET /chat/heads`
  func heads(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    let heads = try await store.heads(for: caller)
    var json = JSONBytes(reservingCapacity: 32 + heads.count * 130)
    json.raw(#"{"heads":"#)
    json.array(heads) { $0.head($1) }
    json.raw("}")
    return .json(bytes: json.bytes)
  }

  /// `GET /chat/{id}/info`
  func info(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    return try await answer(try request.chat(), for: caller, status: .ok)
  }

  /// `GET /chat/{id}/members`: by username, because that is how people look for somebody.
  func members(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    let quantity = try request.query.int("quantity", in: 1...100, default: 20)
    // The last member of the page before; by their name, so that it does not matter whether they are still in the chat.
    let after = try request.query.value("after", "a cursor of this list") { UserID($0) }
    guard let members = try await store.members(of: try request.chat(), for: caller) else {
      throw Problem.chatNotFound
    }
    let names = try await names(of: members.map(\.user) + (after.map { [$0] } ?? []))
    let start = after.flatMap { names[$0]?.username }
    guard after == nil || start != nil else {
      throw Problem.invalidRequest(field: "after", reason: "must be a cursor of this list")
    }
    let rest = members.map { (mark: $0, name: names[$0.user]?.username ?? "") }
      .filter { member in start.map { member.name > $0 } ?? true }
      .sorted { $0.name < $1.name }
    let page = rest.prefix(quantity)
    let next = rest.count > quantity ? page.last?.mark.user.description : nil
    let json = JSONBytes.list("members", Array(page), next: next) { $0.member($1.mark, names: names) }
    return .json(bytes: json.bytes)
  }

  /// One chat as `caller` sees it.
  func answer(_ id: ChatID, for caller: UserID, status: Status) async throws -> Response {
    guard let summary = try await store.summary(of: id, for: caller) else { throw Problem.chatNotFound }
    let names = try await names(of: [summary])
    var json = JSONBytes(reservingCapacity: 1_024)
    json.chat(summary, for: caller, names: names)
    return .json(bytes: json.bytes, status: status)
  }

  private func names(of summaries: [ChatSummary]) async throws -> [UserID: User] {
    try await names(of: Array(Set(summaries.flatMap { $0.members.map(\.user) })))
  }

  private func names(of users: [UserID]) async throws -> [UserID: User] {
    let found = try await directory.users(users)
    return Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
