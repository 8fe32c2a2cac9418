import HTTPServer

extension Problem {
  /// The same for a chat that one is not in as for one that does not exist.
  static let chatNotFound = Problem("chat_not_found", status: .notFound, title: "There is no such chat")

  static let userNotFound = Problem("user_not_found", status: .notFound, title: "There is no such user")

  static let keyReused = Problem(
    "key_reused", status: .conflict, title: "The key was used for something else",
    detail: "an Idempotency-Key names one request; its retries carry the same content")
}
