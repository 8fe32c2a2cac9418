/// A response's status code.
public struct Status: Sendable, Hashable, ExpressibleByIntegerLiteral {
  public let code: Int

  public init(_ code: Int) { self.code = code }
  public init(integerLiteral code: Int) { self.code = code }

  public static let ok: Status = 200
  public static let created: Status = 201
  public static let noContent: Status = 204
  public static let notModified: Status = 304
  public static let badRequest: Status = 400
  public static let unauthorized: Status = 401
  public static let forbidden: Status = 403
  public static let notFound: Status = 404
  public static let methodNotAllowed: Status = 405
  public static let requestTimeout: Status = 408
  public static let conflict: Status = 409
  public static let contentTooLarge: Status = 413
  public static let tooManyRequests: Status = 429
  public static let headersTooLarge: Status = 431
  public static let internalServerError: Status = 500
  public static let serviceUnavailable: Status = 503

  /// The words after the code in the status line.
  var reason: StaticString {
    switch code {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 410: "Gone"
    case 413: "Content Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    default: "Other"
    }
  }

  /// 204 and 304 never have a body, nor a length.
  var forbidsBody: Bool { code == 204 || code == 304 || code < 200 }
}
