import BenchSupport
import ChatDomain
import LoadClient
import NIOCore
import NIOPosix

/// Durable sends from connections that each wait for the answer before the next: as many as the server takes.
enum SendBench {
  static let connections = 32

  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    try await withServer(
      settings,
      seed: { data in
        let users = try await BenchUser.users(try await data.users(connections))
        var chats: [ChatID] = []
        for index in users.indices {
          chats.append(try await data.directChat(users[index].session, users[(index + 1) % users.count].session))
        }
        return (users, chats)
      }
    ) { server, seeded in
      let (users, chats) = seeded
      var loops: [EventLoopFuture<Latencies>] = []
      let start = NIODeadline.now() + .seconds(1)
      for index in users.indices {
        let request = SendRequest(to: chats[index], token: users[index].token)
        loops.append(
          ClientBootstrap(group: clientLoop)
            .channelInitializer { channel in
              let loop = SendLoop(request, on: channel.eventLoop, measuring: start..<start + .seconds(5))
              return channel.pipeline.addHandler(loop)
            }
            .connect(host: "127.0.0.1", port: server.endpoint.port)
            .flatMap { channel in channel.pipeline.handler(type: SendLoop.self).flatMap { $0.done.futureResult } })
      }
      var latencies = Latencies()
      for loop in loops { latencies.add(try await loop.get()) }
      return [
        Measured("durable_sends", Double(latencies.count) / 5, "1/s", goal: ">= 10000"),
        Measured("durable_sends_p50", latencies.milliseconds(0.5), "ms"),
        Measured("durable_sends_p99", latencies.milliseconds(0.99), "ms"),
      ]
    }
  }
}

/// A send as bytes; only its key changes. The client shares the cores with the server, so it must cost little.
struct SendRequest: Sendable {
  private let head: String
  private let rest: String

  init(to chat: ChatID, token: String) {
    let body = #"{"text":"A message of an ordinary length, as people send them."}"#
    head = "POST /chat/\(chat) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\nIdempotency-Key: "
    rest = "\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  func bytes(in buffer: inout ByteBuffer) {
    buffer.clear()
    buffer.writeString(head)
    buffer.writeString(IdempotencyKey.random().description)
    buffer.writeString(rest)
  }
}

/// One connection's sends, one after another.
final class SendLoop: ChannelInboundHandler, @unchecked Sendable {  // Touched on its event loop only.
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let done: EventLoopPromise<Latencies>
  private var latencies = Latencies()
  private let request: SendRequest
  private let window: Range<NIODeadline>
  private var buffer = ByteBufferAllocator().buffer(capacity: 1_024)
  private var answer = ByteBuffer()
  private var sentAt = NIODeadline.distantPast

  /// - Parameter window: sends that begin within it are measured; those before warm the server up.
  init(_ request: SendRequest, on eventLoop: any EventLoop, measuring window: Range<NIODeadline>) {
    self.request = request
    self.window = window
    done = eventLoop.makePromise()
  }

  func channelActive(context: ChannelHandlerContext) { send(context) }

  private func send(_ context: ChannelHandlerContext) {
    sentAt = NIODeadline.now()
    guard sentAt < window.upperBound else {
      done.succeed(latencies)
      return context.close(promise: nil)
    }
    request.bytes(in: &buffer)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    answer.writeBuffer(&part)
    guard isWhole(answer.readableBytesView) else { return }
    guard answer.readableBytesView.starts(with: "HTTP/1.1 201".utf8) else {
      done.fail(BenchError("a send was answered \(answer.getString(at: answer.readerIndex, length: 40) ?? "")"))
      return context.close(promise: nil)
    }
    let now = NIODeadline.now()
    if sentAt >= window.lowerBound, now < window.upperBound { latencies.record(UInt64((now - sentAt).nanoseconds)) }
    answer.clear()
    send(context)
  }

  /// The answer to a send is one JSON object, and no brace stands in its head.
  private func isWhole(_ bytes: ByteBufferView) -> Bool {
    bytes.last == UInt8(ascii: "}") && bytes.contains(UInt8(ascii: "{"))
  }

  func channelInactive(context: ChannelHandlerContext) { done.fail(BenchError("a connection was closed")) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    done.fail(error)
    context.close(promise: nil)
  }
}
