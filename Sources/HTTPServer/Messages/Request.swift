import NIOCore
import NIOHTTP1

/// A request that has arrived completely, body included.
public struct Request: Sendable {
  public let method: Method
  /// The target's path as sent, still percent-encoded, without the query.
  public let path: String
  public let query: Query
  public let headers: Headers
  /// Filled by the router.
  public internal(set) var parameters = PathParameters()
  /// The body as it came; at most the server's limit (64 KiB).
  public let body: ByteBuffer
  /// Where the client is: the peer, or what a trusted proxy says of it.
  public let client: ClientAddress
  /// From a well-formed `X-Request-Id`, or made here; in the answer and in every log line about this request.
  public let id: String
  /// When its first byte was read: nanoseconds of the monotonic clock.
  public let arrivedAt: UInt64

  /// The client's address as text.
  public var remoteAddress: String { client.address }
  /// What throttles should count by: the address, for IPv6 its /64.
  public var clientNetwork: String { client.network }

  /// The body's bytes, for callers without NIO.
  public var bytes: [UInt8] { Array(body.readableBytesView) }

  /// The token of `Authorization: Bearer …`.
  public var bearerToken: String? {
    guard var field = headers["authorization"] else { return nil }
    return field.withUTF8 { bytes in
      guard bytes.count > 7, bytes.prefix(7).elementsEqual("bearer ".utf8, by: { $0 | 0x20 == $1 | 0x20 }) else {
        return nil
      }
      let token = bytes.dropFirst(7)
      // One word of printable ASCII; whether it is a good one is not decided here.
      guard token.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
      return String(decoding: token, as: UTF8.self)
    }
  }

  init(
    method: Method, path: String, query: Query, headers: Headers, body: ByteBuffer, client: ClientAddress, id: String,
    arrivedAt: UInt64
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.client = client
    self.id = id
    self.arrivedAt = arrivedAt
  }

  /// A request that came over no connection, for tests of handlers.
  /// - Throws: `Problem` for a target or a query that would be refused.
  public init(
    _ method: Method, _ target: String, headers: Headers = [:], body: [UInt8] = [], remoteAddress: String = "127.0.0.1",
    id: String = "test", parameters: PathParameters = PathParameters(), arrivedAt: UInt64? = nil
  ) throws(Problem) {
    let target = try Target(target)
    self.init(
      method: method, path: target.path, query: try Query(target.query), headers: headers,
      body: ByteBuffer(bytes: body),
      client: ClientAddress(remoteAddress), id: id, arrivedAt: arrivedAt ?? NIODeadline.now().uptimeNanoseconds)
    self.parameters = parameters
  }
}
