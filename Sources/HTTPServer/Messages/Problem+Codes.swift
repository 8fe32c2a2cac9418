/// The codes that every service shares (docs: the HTTP contract).
extension Problem {
  /// 400: something in the request is missing, of the wrong type or out of its limits.
  /// - Parameter field: the body's field, the query's name or the header; nil when it is the whole.
  public static func invalidRequest(field: String? = nil, reason: String) -> Problem {
    Problem(
      "invalid_request", status: .badRequest, title: "The request is not valid",
      detail: field.map { "\($0) \(reason)" } ?? reason)
  }

  /// 413: a body above the limit.
  public static func tooLarge(limit bytes: Int) -> Problem {
    Problem(
      "too_large", status: .contentTooLarge, title: "The body is too large",
      detail: "at most \(bytes) bytes are accepted")
  }

  /// 431: header fields (or the target) above the limit.
  public static func headersTooLarge(limit bytes: Int) -> Problem {
    Problem(
      "headers_too_large", status: .headersTooLarge, title: "The headers are too large",
      detail: "at most \(bytes) bytes are accepted")
  }

  /// 408: the request took too long to arrive.
  public static let timeout = Problem(
    "timeout", status: .requestTimeout, title: "The request took too long to arrive")

  /// 401: no token, or one that is not good.
  public static func unauthorized(_ detail: String = "") -> Problem {
    Problem(
      "unauthorized", status: .unauthorized, title: "A valid access token is needed", detail: detail,
      headers: ["WWW-Authenticate": #"Bearer realm="caravan""#])
  }

  /// 404: no such route.
  public static let notFound = Problem("not_found", status: .notFound, title: "There is nothing here")

  /// 405: the route exists for other methods.
  public static func methodNotAllowed(allow: [Method]) -> Problem {
    Problem(
      "method_not_allowed", status: .methodNotAllowed, title: "This method is not offered here",
      headers: ["Allow": allow.map(\.rawValue).joined(separator: ", ")])
  }

  /// 429.
  /// - Parameter retryAfter: seconds.
  public static func rateLimited(retryAfter: Int, detail: String = "") -> Problem {
    Problem(
      "rate_limited", status: .tooManyRequests, title: "Too many requests", detail: detail,
      retryAfter: max(1, retryAfter))
  }

  /// 503: something that this service needs does not answer, or the service is full or closing.
  /// - Parameter retryAfter: seconds.
  public static func unavailable(retryAfter: Int, detail: String = "") -> Problem {
    Problem(
      "unavailable", status: .serviceUnavailable, title: "The service is unavailable", detail: detail,
      retryAfter: max(1, retryAfter))
  }

  /// 500: our own mistake. What it was stands in the log under the request's id.
  static let internalError = Problem(
    "internal", status: .internalServerError, title: "Something went wrong on our side")
}
