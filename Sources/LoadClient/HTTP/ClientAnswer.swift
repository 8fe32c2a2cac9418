import FoundationEssentials
import NIOCore
import NIOHTTP1

/// A whole answer.
public struct ClientAnswer: Sendable {
  public let status: Int
  public let headers: HTTPHeaders
  public let body: ByteBuffer

  /// Reads the body as JSON.
  /// - Throws: `.malformed`.
  public func decode<Value: Decodable>(_ type: Value.Type) throws(ClientError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    } catch {
      throw ClientError(.malformed, "\(error)", status: status)
    }
  }

  /// The same answer, if its status is one of `statuses`.
  /// - Throws: `.refused` with what the problem document says.
  @discardableResult
  public func expecting(_ statuses: Int...) throws(ClientError) -> ClientAnswer {
    guard !statuses.contains(status) else { return self }
    throw ClientError(
      .refused, "status \(status): \(String(buffer: body).prefix(300))", status: status,
      retryAfter: headers.first(name: "Retry-After").flatMap { Int($0) })
  }
}
