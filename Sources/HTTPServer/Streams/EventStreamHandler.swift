import NIOCore
import NIOHTTP1

/// What is left of a connection once an event stream has it: notices that the client has gone, drops what it still sends.
final class EventStreamHandler: ChannelInboundHandler, RosterMember {
  /// Never looked at: the decoder may still be before us.
  typealias InboundIn = ByteBuffer

  var slot = 0
  private let stream: EventStream
  private let roster: LoopRoster
  private let census: ConnectionCensus
  private let peer: IPAddress?
  private let admission: ConnectionCensus.Admission

  init(
    _ stream: EventStream, roster: LoopRoster, census: ConnectionCensus, peer: IPAddress?,
    admission: ConnectionCensus.Admission
  ) {
    self.stream = stream
    self.roster = roster
    self.census = census
    self.peer = peer
    self.admission = admission
  }

  /// Takes the place of the connection's handler and of the decoder before it.
  func take(_ pipeline: ChannelPipeline, from old: ConnectionHandler, readIsDue: Bool) {
    do {
      let operations = pipeline.syncOperations
      try operations.addHandler(self)
      if let decoder = try? operations.context(handlerType: ByteToMessageHandler<RequestDecoder>.self) {
        pipeline.removeHandler(context: decoder, promise: nil)
      }
      pipeline.removeHandler(old, promise: nil)
      if readIsDue { stream.read() }
    } catch {
      // The channel closed under us.
      stream.channelClosed()
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    // A browser that aborts a fetch closes the socket; from here that looks like a client that only stopped sending, which for a stream
    // means the same. Waiting for the next heartbeat to fail would keep a dead lease alive.
    if case .some(.inputClosed) = event as? ChannelEvent { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelInactive(context: ChannelHandlerContext) {
    roster.remove(self)
    census.left(peer, admission)
    stream.channelClosed()
  }

  // MARK: From the roster

  func tick(now: UInt64) {}
  /// Streams end by their owner's will, or by `end`.
  func drain() {}
  func end() { stream.close() }
  func abort() { stream.abort() }
}
