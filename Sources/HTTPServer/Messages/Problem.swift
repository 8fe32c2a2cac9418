/// An error answer, RFC 9457: what a handler throws for everything that goes wrong as the contract foresees.
///
/// Written as `{"type":"/problems/<code>","title","status","detail","request_id"}`. None of its text may hold a secret.
public struct Problem: Error, Sendable, Equatable {
  /// The stable name that clients match: `invalid_request`, `chat_not_found`.
  public let code: String
  public let status: Status
  /// A short text for people, the same for every occurrence of the code.
  public let title: String
  /// What went wrong this time; may name a field, never its content.
  public let detail: String
  /// Seconds for `Retry-After`.
  public let retryAfter: Int?
  /// Further headers of the answer.
  public var headers = Headers()

  public init(
    _ code: String, status: Status, title: String, detail: String = "", retryAfter: Int? = nil, headers: Headers = [:]
  ) {
    self.code = code
    self.status = status
    self.title = title
    self.detail = detail
    self.retryAfter = retryAfter
    self.headers = headers
  }
}
