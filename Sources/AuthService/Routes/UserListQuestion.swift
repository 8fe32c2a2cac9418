import ChatDomain
import HTTPServer

/// What `GET /users` asks for.
enum UserListQuestion: Sendable {
  /// Each once, in the order asked.
  case ids([UserID])
  case search(UserSearch, after: UserCursor?, quantity: Int)

  /// - Throws: `Problem.invalidRequest` naming the parameter.
  init(_ query: Query) throws(Problem) {
    if let list = query.string("ids") {
      guard !query.contains("query"), !query.contains("after") else {
        throw .invalidRequest(field: "ids", reason: "cannot be asked for together with query or after")
      }
      self = .ids(try UserListQuestion.ids(list))
      return
    }
    let text = query.string("query") ?? ""
    guard text.unicodeScalars.count <= 128, !text.unicodeScalars.contains("\0") else {
      throw .invalidRequest(field: "query", reason: "must be at most 128 characters")
    }
    let after = try query.value("after", "a cursor that a list answered") { UserCursor(text: $0) }
    self = .search(UserSearch(text), after: after, quantity: try query.int("quantity", in: 1...100, default: 20))
  }

  private static func ids(_ list: String) throws(Problem) -> [UserID] {
    let parts = list.split(separator: ",", omittingEmptySubsequences: false)
    if list.isEmpty { return [] }
    guard parts.count <= AccountLimits.idsPerQuestion else {
      throw .invalidRequest(field: "ids", reason: "must be at most \(AccountLimits.idsPerQuestion)")
    }
    var seen: Set<UserID> = []
    var ids: [UserID] = []
    for part in parts {
      guard let id = UserID(part) else {
        throw .invalidRequest(field: "ids", reason: "must be UUIDs with commas between")
      }
      if seen.insert(id).inserted { ids.append(id) }
    }
    return ids
  }
}
