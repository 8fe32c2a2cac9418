import ChatDomain
import HTTPServer

extension ChatService {
  private struct Body: Decodable {
    let user_id: UserID?
    let members: [UserID]?
    let title: String?
  }

  /// `POST /chat`
  func create(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    let key: IdempotencyKey? = try request.id(header: "Idempotency-Key")
    let body: Body = try request.json()
    let new = try newChat(body, by: caller, key: key)
    let others = new.members.filter { $0 != caller }
    guard try await directory.users(others).count == others.count else { throw Problem.userNotFound }
    switch try await store.createChat(new) {
    case .created: return try await answer(new.id, for: caller, status: .created)
    case .existed(let id): return try await answer(id, for: caller, status: .ok)
    case .keyReused: throw Problem.keyReused
    case .tooManyChats(let user):
      throw Problem.rateLimited(
        retryAfter: 86_400,
        detail: user == caller
          ? "you have \(ChatLimits.chatsPerUser) chats, and no room for another"
          : "a member has \(ChatLimits.chatsPerUser) chats, and no room for another")
    case .tooManyUnanswered(let oldest):
      let wait = (oldest.milliseconds + 86_400_000 - now().milliseconds + 999) / 1_000
      throw Problem.rateLimited(
        retryAfter: Int(max(1, wait)),
        detail: "at most \(settings.unansweredChatsPerDay) new chats a day with people who have not answered")
    }
  }

  private func newChat(_ body: Body, by caller: UserID, key: IdempotencyKey?) throws(Problem) -> NewChat {
    let limit = settings.areLimitsOn ? settings.unansweredChatsPerDay : nil
    switch (body.user_id, body.members) {
    case (nil, nil):
      throw .invalidRequest(field: "user_id", reason: "is missing; a group has members and a title instead")
    case (.some, .some): throw .invalidRequest(field: "members", reason: "cannot stand beside user_id")
    case (let other?, nil):
      guard other != caller else { throw .invalidRequest(field: "user_id", reason: "must be somebody else") }
      return NewChat(
        id: .direct(caller, other), kind: .direct, title: nil, creator: caller, members: [caller, other], key: nil,
        createdAt: now(), unansweredLimit: limit)
    case (nil, let members?):
      guard let title = body.title else { throw .invalidRequest(field: "title", reason: "is missing") }
      let others = Set(members).subtracting([caller])
      guard (2..<ChatLimits.members).contains(others.count) else {
        throw .invalidRequest(field: "members", reason: "must be 2 to \(ChatLimits.members - 1) others")
      }
      return NewChat(
        id: .random(), kind: .group, title: try TextRules.title(title), creator: caller,
        members: [caller] + others.sorted(),
        key: key, createdAt: now(), unansweredLimit: limit)
    }
  }
}
