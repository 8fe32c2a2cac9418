import NIOCore

/// CORS: which other origins' pages may call, and what they may send and read.
struct CrossOriginPolicy: Sendable {
  private static let allowedHeaders = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Caravan-Device"
  private static let exposedHeaders: StaticString =
    "\r\nAccess-Control-Expose-Headers: Retry-After, X-Request-Id"
  /// Two hours in seconds, the longest that browsers honour.
  private static let maxAge = "7200"

  private let origins: [String]

  init(_ origins: [String]) { self.origins = origins }

  /// What an OPTIONS request is told besides `Allow`.
  func addPreflight(to response: inout Response, request: Request, allowed: [Method]) {
    guard let origin = request.headers["origin"], origins.contains(origin),
      request.headers["access-control-request-method"] != nil
    else { return }
    response.headers.add("Access-Control-Allow-Methods", allowed.map(\.rawValue).joined(separator: ", "))
    response.headers.add("Access-Control-Allow-Headers", CrossOriginPolicy.allowedHeaders)
    response.headers.add("Access-Control-Max-Age", CrossOriginPolicy.maxAge)
  }

  /// What every answer carries, whoever gave it. Without configured origins nothing varies.
  func write(origin: String?, varies: Bool, into head: inout ByteBuffer) {
    if varies || !origins.isEmpty {
      head.writeStaticString(
        origins.isEmpty
          ? "\r\nVary: Accept-Encoding" : varies ? "\r\nVary: Accept-Encoding, Origin" : "\r\nVary: Origin")
    }
    guard let origin, origins.contains(origin) else { return }
    head.writeStaticString("\r\nAccess-Control-Allow-Origin: ")
    head.writeString(origin)
    head.writeStaticString(CrossOriginPolicy.exposedHeaders)
  }
}
