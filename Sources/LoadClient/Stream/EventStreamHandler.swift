import NIOCore
import NIOHTTP1

/// The end of a stream's pipeline.
final class EventStreamHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  /// A stream that is silent for longer is dead (protocol, Clients 5).
  static let silence = TimeAmount.seconds(45)

  private let request: HTTPRequestHead
  private let opened: EventLoopPromise<Void>
  private let receive: EventStream.Receive
  private var events = ServerSentEvents()
  private var refusal: HTTPResponseHead?
  private var lastRead = NIODeadline.now()
  private var watch: RepeatedTask?

  init(_ request: HTTPRequestHead, opened: EventLoopPromise<Void>, receive: @escaping EventStream.Receive) {
    self.request = request
    self.opened = opened
    self.receive = receive
  }

  func channelActive(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(10), delay: .seconds(10)) { _ in
      let (handler, context) = bound.value
      if handler.lastRead + EventStreamHandler.silence < .now() { context.close(promise: nil) }
    }
    lastRead = .now()
    context.write(wrapOutboundOut(.head(request)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastRead = .now()
    switch unwrapInboundIn(data) {
    case .head(let head) where head.status == .ok: opened.succeed()
    case .head(let head): refusal = head
    case .body(let bytes):
      guard refusal == nil else { return }
      do {
        try events.append(bytes)
        while let event = events.next() { receive(event) }
      } catch {
        context.close(promise: nil)
      }
    case .end:
      if let refusal {
        opened.fail(
          ClientError(
            .refused, "the stream was refused with status \(refusal.status.code)", status: Int(refusal.status.code),
            retryAfter: refusal.headers.first(name: "Retry-After").flatMap { Int($0) }))
      }
      context.close(promise: nil)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    watch?.cancel()
    // Does nothing if it is open already.
    opened.fail(ClientError(.connectionLost, "the connection ended before the stream was open"))
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
