import NIOCore

/// What a handler answers.
public struct Response: Sendable {
  public enum Body: Sendable {
    case empty
    case bytes(ByteBuffer)
    /// An open event stream; the connection belongs to it from now on.
    case eventStream(EventStreamOpening)
  }

  public var status: Status
  public var headers: Headers
  /// Kept beside the headers because nearly every answer has just this one.
  public var contentType: String?
  public var body: Body
  /// A file that exists in several encodings: caches must keep them apart.
  var variesByEncoding = false

  public init(status: Status, headers: Headers = [:], contentType: String? = nil, body: Body = .empty) {
    self.status = status
    self.headers = headers
    self.contentType = contentType
    self.body = body
  }

  /// Without a body: `.empty(.noContent)`.
  public static func empty(_ status: Status, headers: Headers = [:]) -> Response {
    Response(status: status, headers: headers)
  }

  /// JSON that is already bytes.
  public static func json(bytes: some Sequence<UInt8>, status: Status = .ok, headers: Headers = [:]) -> Response {
    Response(status: status, headers: headers, contentType: "application/json", body: .bytes(ByteBuffer(bytes: bytes)))
  }

  /// - Parameter contentType: a media type with its charset, such as `text/plain; charset=utf-8`.
  public static func text(
    _ text: String, contentType: String = "text/plain; charset=utf-8", status: Status = .ok
  ) -> Response {
    Response(status: status, contentType: contentType, body: .bytes(ByteBuffer(string: text)))
  }

  /// Opens an event stream (`text/event-stream`).
  /// - Parameter opened: see `EventStreamOpening`.
  public static func eventStream(_ opened: @escaping @Sendable (EventStream) -> Void) -> Response {
    Response(
      status: .ok, headers: ["X-Accel-Buffering": "no", "Cache-Control": "no-cache, no-transform"],
      contentType: "text/event-stream", body: .eventStream(EventStreamOpening(opened)))
  }

  /// The body's bytes, for tests of handlers; empty for an event stream.
  public var bytes: [UInt8] {
    if case .bytes(let buffer) = body { Array(buffer.readableBytesView) } else { [] }
  }
}
