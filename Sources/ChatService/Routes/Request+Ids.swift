import ChatDomain
import HTTPServer

extension Request {
  /// The chat of the path. What is no id names no chat.
  func chat() throws(Problem) -> ChatID {
    try parameters.require("id", orThrow: .chatNotFound) { ChatID($0) }
  }

  /// The identifier in a header, nil without one.
  func id<Subject>(header name: String) throws(Problem) -> Identifier<Subject>? {
    guard let text = headers[name] else { return nil }
    guard let id = Identifier<Subject>(text) else { throw .invalidRequest(field: name, reason: "is no UUID") }
    return id
  }
}
