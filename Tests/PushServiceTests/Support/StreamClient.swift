import ChatDomain
import NIOCore
import NIOHTTP1
import NIOPosix

/// A client of one event stream: the answer's status, then its events as text, in order.
final class StreamClient {
  let status: Int
  private let channel: any Channel
  private var parts: AsyncStream<StreamPart>.Iterator
  private var text = ""

  /// Opens `GET /stream` and waits for the answer's head.
  static func open(
    _ port: Int, user: Int = 1, device: Int = 1, lastEvent: String? = nil, query: String? = nil
  ) async throws -> StreamClient {
    let (parts, continuation) = AsyncStream<StreamPart>.makeStream(bufferingPolicy: .bufferingOldest(100_000))
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelInitializer { channel in
        channel.pipeline.addHTTPClientHandlers().flatMap {
          channel.pipeline.addHandler(PartHandler(continuation))
        }
      }
      .channelOption(ChannelOptions.socketOption(.so_rcvbuf), value: 16 * 1_024)
      .connect(host: "127.0.0.1", port: port).get()
    var headers: HTTPHeaders = ["Host": "localhost", "Authorization": "Bearer \(user)"]
    if let lastEvent { headers.add(name: "Last-Event-ID", value: lastEvent) }
    let target = "/stream?\(query ?? "device=\(DeviceID.number(device))")"
    let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: headers)
    channel.write(HTTPClientRequestPart.head(head), promise: nil)
    try await channel.writeAndFlush(HTTPClientRequestPart.end(nil)).get()
    return await StreamClient(channel, parts)
  }

  private init(_ channel: any Channel, _ stream: AsyncStream<StreamPart>) async {
    self.channel = channel
    var iterator = stream.makeAsyncIterator()
    if case .head(let status) = await iterator.next() { self.status = status } else { status = 0 }
    parts = iterator
  }

  /// The next event or comment, without the blank line behind it; nil when the stream has ended.
  func next() async -> String? {
    while true {
      if let end = text.blankLine {
        defer { text.removeSubrange(..<end.upperBound) }
        return String(text[..<end.lowerBound])
      }
      guard case .body(let more) = await parts.next() else { return nil }
      text += more
    }
  }

  /// The rest of the answer.
  func rest() async -> String {
    while case .body(let more) = await parts.next() { text += more }
    return text
  }

  func stopReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: false).get() }
  func startReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: true).get() }
  func close() async throws { try await channel.close().get() }
}

enum StreamPart: Sendable {
  case head(Int)
  case body(String)
}

private final class PartHandler: ChannelInboundHandler, Sendable {
  typealias InboundIn = HTTPClientResponsePart
  private let parts: AsyncStream<StreamPart>.Continuation

  init(_ parts: AsyncStream<StreamPart>.Continuation) { self.parts = parts }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): parts.yield(.head(Int(head.status.code)))
    case .body(let bytes): parts.yield(.body(String(buffer: bytes)))
    case .end: parts.finish()
    }
  }

  func channelInactive(context: ChannelHandlerContext) { parts.finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

extension String {
  /// Where two line feeds in a row are; the text is ASCII around them.
  fileprivate var blankLine: Range<Index>? {
    var previous: Index?
    for place in utf8.indices where utf8[place] == UInt8(ascii: "\n") {
      if let first = previous, utf8.index(after: first) == place { return first..<utf8.index(after: place) }
      previous = place
    }
    return nil
  }
}
