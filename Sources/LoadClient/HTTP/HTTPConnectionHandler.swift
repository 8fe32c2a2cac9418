import NIOCore
import NIOHTTP1

/// The end of a connection's pipeline: turns calls into requests, and answers into their results.
final class HTTPConnectionHandler: ChannelDuplexHandler {
  struct Call: Sendable {
    let request: ClientRequest
    let promise: EventLoopPromise<ClientAnswer>
    let deadline: NIODeadline
  }

  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = Call
  typealias OutboundOut = HTTPClientRequestPart

  /// Larger answers end the connection, bytes.
  static let maximumBody = 8 * 1_024 * 1_024

  private let endpoint: Endpoint
  private var waiting = CircularBuffer<Call>()
  private var current: Call?
  private var head: HTTPResponseHead?
  private var body = ByteBuffer()
  private var watch: RepeatedTask?

  init(_ endpoint: Endpoint) { self.endpoint = endpoint }

  func handlerAdded(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
      let (handler, context) = bound.value
      handler.checkDeadlines(context)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) { watch?.cancel() }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    promise?.succeed()
    let call = unwrapOutboundIn(data)
    guard context.channel.isActive else {
      return call.promise.fail(ClientError(.connectionLost, "the connection is closed"))
    }
    if current == nil { start(call, context) } else { waiting.append(call) }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): self.head = head
    case .body(var bytes):
      guard body.readableBytes + bytes.readableBytes <= HTTPConnectionHandler.maximumBody else {
        return fail(ClientError(.tooLarge, "the answer is too large"), context)
      }
      if body.readableBytes == 0 { body = bytes } else { body.writeBuffer(&bytes) }
    case .end: finish(context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(ClientError(.connectionLost, "the server closed the connection"), context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(ClientError(.connectionLost, "\(error)"), context)
  }

  private func start(_ call: Call, _ context: ChannelHandlerContext) {
    current = call
    context.write(wrapOutboundOut(.head(call.request.head(for: endpoint))), promise: nil)
    if let body = call.request.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  private func finish(_ context: ChannelHandlerContext) {
    guard let call = current, let head else { return }
    let answer = ClientAnswer(status: Int(head.status.code), headers: head.headers, body: body)
    current = nil
    self.head = nil
    body = ByteBuffer()
    let isLast = !head.isKeepAlive
    call.promise.succeed(answer)
    if isLast {
      fail(ClientError(.connectionLost, "the server closes the connection"), context)
    } else if current == nil, let next = waiting.popFirst() {
      start(next, context)
    }
  }

  private func checkDeadlines(_ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    if let current, current.deadline < now { return fail(ClientError(.timedOut, "no answer in time"), context) }
    while let first = waiting.first, first.deadline < now {
      waiting.removeFirst()
      first.promise.fail(ClientError(.timedOut, "no turn in time"))
    }
  }

  private func fail(_ error: ClientError, _ context: ChannelHandlerContext) {
    let calls = (current.map { [$0] } ?? []) + waiting
    current = nil
    waiting.removeAll()
    for call in calls { call.promise.fail(error) }
    context.close(promise: nil)
  }
}
