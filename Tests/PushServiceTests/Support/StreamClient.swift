import ChatDomain
import NIOCore
import NIOHTTP1
import NIOPosix

/// A client of one event stream: the answer's status, then its events as text, in order.
final class StreamClient {
  let status: Int
  private let channel: any Channel
  private var parts: AsyncStream<StreamPart>.Iterator
  private var bytes: [UInt8] = []
  /// Bytes in which no end of an event was found.
  private var searched = 0

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
      if let end = endOfEvent() {
        defer {
          bytes.removeSubrange(..<(end + 2))
          searched = 0
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
      }
      guard case .body(let more) = await parts.next() else { return nil }
      bytes += more
    }
  }

  /// Where a blank line begins.
  private func endOfEvent() -> Int? {
    let found = bytes.withUnsafeBufferPointer { bytes in
      (searched..<max(searched, bytes.count - 1)).first { bytes[$0] == 10 && bytes[$0 + 1] == 10 }
    }
    searched = max(0, bytes.count - 1)
    return found
  }

  /// The rest of the answer.
  func rest() async -> String {
    while case .body(let more) = await parts.next() { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  func stopReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: false).get() }
  func startReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: true).get() }
  func close() async throws { try await channel.close().get() }
}

enum StreamPart: Sendable {
  case head(Int)
  case body([UInt8])
}

private final class PartHandler: ChannelInboundHandler, Sendable {
  typealias InboundIn = HTTPClientResponsePart
  private let parts: AsyncStream<StreamPart>.Continuation

  init(_ parts: AsyncStream<StreamPart>.Continuation) { self.parts = parts }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): parts.yield(.head(Int(head.status.code)))
    case .body(let bytes): parts.yield(.body(Array(bytes.readableBytesView)))
    case .end: parts.finish()
    }
  }

  func channelInactive(context: ChannelHandlerContext) { parts.finish() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
