import NIOCore
import NIOHTTP1

/// One connection: feeds the machine with what happens and does what it says.
///
/// Lives on its event loop. Has no timer of its own: the roster's sweep calls `tick`.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler, RosterMember {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Phase {
    case serving
    /// The last answer is on its way to the socket.
    case finishing(since: UInt64)
    /// Our side is shut; the client's last bytes are read and dropped, so that none of them resets the connection.
    case lingering(since: UInt64, bytes: Int)
    /// An event stream has it.
    case handedOver
    case closed
  }

  /// How long, and for how many bytes, a refused client may go on sending.
  private static let lingerTime: UInt64 = 2_000_000_000
  private static let lingerBytes = 256 * 1024

  let channel: any Channel
  let server: ServerContext
  let roster: LoopRoster
  let peer: IPAddress?
  private let admission: ConnectionCensus.Admission
  var slot = 0
  var machine: ConnectionMachine
  var phase = Phase.serving
  /// The request being answered.
  var current: IncomingRequest?
  var currentID = ""
  private(set) var requestCount = 0
  private var context: ChannelHandlerContext?
  private var isReading = false
  private var needsFlush = false
  private var heldRead = false
  /// Since when the client has not taken what was written.
  private var stuckSince: UInt64?
  private lazy var peerClient = peer.map { ClientAddress($0) } ?? ClientAddress("unknown")

  init(
    channel: any Channel, server: ServerContext, roster: LoopRoster, peer: IPAddress?,
    admission: ConnectionCensus.Admission
  ) {
    self.channel = channel
    self.server = server
    self.roster = roster
    self.peer = peer
    self.admission = admission
    machine = ConnectionMachine(limits: server.limits, now: ConnectionHandler.now)
  }

  static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

  // MARK: For the decoder

  var dropsInput: Bool { machine.dropsInput }
  var isReceivingHead: Bool { machine.isReceivingHead }

  func bytesArrived() { machine.bytesArrived(now: ConnectionHandler.now) }

  func dropped(bytes: Int) {
    guard case .lingering(let since, let left) = phase else { return }
    phase = .lingering(since: since, bytes: left - bytes)
    if left < bytes { channel.close(promise: nil) }
  }

  // MARK: From the channel

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    // Also reached by a connection that never became active.
    if case .handedOver = phase { return }
    phase = .closed
    server.census.left(peer, admission)
  }

  func channelActive(context: ChannelHandlerContext) {
    roster.add(self)
    if admission == .refused { perform(machine.refuse(.unavailable(retryAfter: 10, detail: "too many connections"))) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    if case .handedOver = phase { return context.fireChannelInactive() }
    phase = .closed
    roster.remove(self)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    switch unwrapInboundIn(data) {
    case .head(let head): perform(machine.headArrived(head, now: ConnectionHandler.now))
    case .body(let part): perform(machine.bodyArrived(part))
    case .end:
      requestCount += 1
      perform(machine.requestEnded(now: ConnectionHandler.now))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    if needsFlush { flush() }
    context.fireChannelReadComplete()
  }

  func read(context: ChannelHandlerContext) {
    if machine.holdsReads, case .serving = phase { heldRead = true } else { context.read() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent {
      if case .lingering = phase { return channel.close(promise: nil) }
      perform(machine.inputClosed())
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stuckSince = nil
      if isHalted {
        isHalted = false
        perform(machine.answered(now: ConnectionHandler.now))
      }
    } else {
      stuckSince = ConnectionHandler.now
    }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let problem as Problem: perform(machine.parsingFailed(problem))
    case HTTPParserError.headerOverflow:
      perform(machine.parsingFailed(.headersTooLarge(limit: server.limits.headBytes)))
    case HTTPParserError.invalidEOFState: perform(machine.inputClosed())
    case is HTTPParserError:
      perform(machine.parsingFailed(.invalidRequest(reason: "this is not well-formed HTTP/1.1")))
    case ByteToMessageDecoderError.dataReceivedInErrorState(_, let bytes): dropped(bytes: bytes.readableBytes)
    default: context.close(promise: nil)
    }
  }

  // MARK: From the roster

  func tick(now: UInt64) {
    switch phase {
    case .serving:
      guard let stuckSince else { return perform(machine.tick(now: now)) }
      if now &- stuckSince >= server.limits.answerTime.nanoseconds { abort() }
    case .finishing(let since): if now &- since >= server.limits.answerTime.nanoseconds { abort() }
    case .lingering(let since, _): if now &- since >= ConnectionHandler.lingerTime { abort() }
    case .handedOver, .closed: break
    }
  }

  func drain() { perform(machine.drain()) }

  func abort() { channel.close(promise: nil) }

  // MARK: What the machine says

  func perform(_ first: ConnectionMachine.Action) {
    var action = first
    while case .serving = phase {
      switch action {
      case .none: return releaseRead()
      case .answer(let request):
        guard let response = begin(request) else { return releaseRead() }
        action = write(response)
      case .refuse(let problem):
        current = nil
        currentID = roster.nextRequestID()
        server.responder.noteRefusal(problem, requestID: currentID)
        action = write(problem.response(requestID: currentID))
      case .sendContinue:
        put(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"))
        action = .none
      case .close: return channel.close(promise: nil)
      case .finish(let lingering): return finish(lingering: lingering)
      }
    }
  }

  /// - Returns: the answer when there is nothing to wait for.
  private func begin(_ incoming: IncomingRequest) -> Response? {
    current = incoming
    currentID = incoming.facts.requestID ?? roster.nextRequestID()
    let request: Request
    do throws(Problem) {
      request = try incoming.request(id: currentID, client: client(of: incoming))
    } catch {
      server.responder.noteRefusal(error, requestID: currentID)
      return error.response(requestID: currentID)
    }
    switch server.responder.plan(request) {
    case .now(let response): return response
    case .run(let route, let request):
      run(route, request)
      return nil
    }
  }

  private func run(_ route: Int, _ request: Request) {
    let server = server
    let eventLoop = roster.eventLoop
    let this = NIOLoopBound(self, eventLoop: eventLoop)
    server.census.handlerBegan()
    Task(executorPreference: roster.executor) {
      let response = await server.responder.run(route, request)
      if eventLoop.inEventLoop {
        this.value.answer(response)
      } else {
        eventLoop.execute { this.value.answer(response) }
      }
      server.census.handlerEnded()
    }
  }

  private func client(of request: IncomingRequest) -> ClientAddress {
    guard let peer, server.trustedProxies.contains(peer) else { return peerClient }
    return ClientAddress(
      server.trustedProxies.client(peer: peer, forwardedFor: request.head.headers["x-forwarded-for"]))
  }

  private func answer(_ response: Response) {
    if case .serving = phase { return perform(write(response)) }
    // The client has gone. Whoever opened a stream still learns that it is closed.
    if case .eventStream(let opening) = response.body { opening.opened(EventStream(closed: channel)) }
  }

  /// The answer waits for the client to read, and with it all further requests.
  private var isHalted = false

  /// - Returns: what comes next.
  private func write(_ response: Response) -> ConnectionMachine.Action {
    let isLast = machine.answerBegins()
    let now = ConnectionHandler.now
    let isHead = current?.facts.method == .HEAD
    if case .eventStream(let opening) = response.body, !isHead {
      handOver(response, opening, now: now)
      return .none
    }
    var length = 0
    if case .bytes(let body) = response.body { length = body.readableBytes }
    var head = answerHead(response, length: length, keepsAlive: !isLast, room: isHead ? 0 : length, now: now)
    if case .bytes(var body) = response.body, !isHead, !response.status.forbidsBody {
      if length <= ConnectionHandler.copiedBytes {
        head.writeBuffer(&body)
        put(head)
      } else {
        context?.write(wrapOutboundOut(head), promise: nil)
        put(body)
      }
    } else {
      put(head)
    }
    if case .eventStream(let opening) = response.body { opening.opened(EventStream(closed: channel)) }
    if channel.isWritable || isLast { return machine.answered(now: now) }
    isHalted = true
    return .none
  }

  /// Up to here a body is copied behind its head: cheaper than a second buffer in the system call.
  private static let copiedBytes = 16 * 1024

  private func answerHead(_ response: Response, length: Int?, keepsAlive: Bool, room: Int, now: UInt64) -> ByteBuffer {
    var head = channel.allocator.buffer(capacity: 640 + min(room, ConnectionHandler.copiedBytes))
    AnswerHead(
      requestID: currentID, origin: current?.facts.origin, isHTTP10: current?.head.version.minor == 0,
      keepsAlive: keepsAlive
    ).write(
      response, length: length, date: roster.date(now: now), crossOrigin: server.crossOrigin, into: &head)
    return head
  }

  /// Writes, and flushes unless more may come from the same read.
  private func put(_ bytes: ByteBuffer) {
    context?.write(wrapOutboundOut(bytes), promise: nil)
    if isReading { needsFlush = true } else { flush() }
  }

  private func flush() {
    needsFlush = false
    context?.flush()
  }

  private func releaseRead() {
    guard heldRead, !machine.holdsReads else { return }
    heldRead = false
    context?.read()
  }

  // MARK: The end

  private func finish(lingering: Bool) {
    phase = .finishing(since: ConnectionHandler.now)
    guard let context else { return }
    let written = context.eventLoop.makePromise(of: Void.self)
    let this = NIOLoopBound(self, eventLoop: context.eventLoop)
    written.futureResult.whenComplete { _ in this.value.finished(lingering: lingering) }
    needsFlush = false
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
  }

  private func finished(lingering: Bool) {
    guard case .finishing = phase else { return }
    guard lingering, !machine.inputIsClosed else { return channel.close(promise: nil) }
    phase = .lingering(since: ConnectionHandler.now, bytes: ConnectionHandler.lingerBytes)
    channel.close(mode: .output, promise: nil)
    if heldRead {
      heldRead = false
      context?.read()
    }
  }

  /// Writes the head of an event stream, leaves the pipeline with all that parses, and passes the connection on.
  private func handOver(_ response: Response, _ opening: EventStreamOpening, now: UInt64) {
    let head = answerHead(response, length: nil, keepsAlive: false, room: 0, now: now)
    context?.writeAndFlush(wrapOutboundOut(head), promise: nil)
    guard case .serving = phase, let context, channel.isActive else {
      return opening.opened(EventStream(closed: channel))
    }
    phase = .handedOver
    machine.handedOver()
    let stream = EventStream(serving: channel, outstandingLimit: server.limits.streamOutstandingBytes)
    let handler = EventStreamHandler(stream, roster: roster, census: server.census, peer: peer, admission: admission)
    roster.replace(self, with: handler)
    handler.take(context.pipeline, from: self, readIsDue: heldRead)
    current = nil
    if machine.inputIsClosed { channel.close(promise: nil) }
    opening.opened(stream)
  }
}
