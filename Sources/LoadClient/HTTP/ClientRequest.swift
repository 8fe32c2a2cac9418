import NIOCore
import NIOHTTP1

/// A request of the API.
public struct ClientRequest: Sendable {
  public var method: HTTPMethod
  /// Path and query, percent-encoded.
  public var target: String
  public var headers: HTTPHeaders
  /// JSON; nil: no body.
  public var body: ByteBuffer?

  public init(
    _ method: HTTPMethod, _ target: String, token: String? = nil, headers: HTTPHeaders = [:], body: [UInt8]? = nil
  ) {
    self.method = method
    self.target = target
    self.headers = headers
    self.body = body.map { ByteBuffer(bytes: $0) }
    if let token { self.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body {
      self.headers.add(name: "Content-Type", value: "application/json")
      self.headers.add(name: "Content-Length", value: String(body.count))
    }
  }

  /// As it goes to `endpoint`.
  func head(for endpoint: Endpoint) -> HTTPRequestHead {
    var headers = headers
    headers.add(name: "Host", value: endpoint.description)
    return HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: headers)
  }
}
