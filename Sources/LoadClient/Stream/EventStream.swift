import ChatDomain
import NIOCore
import NIOHTTP1
import NIOPosix

/// An open event stream: a socket and a handler, no task, so that one process can hold ten thousand.
public final class EventStream: Sendable {
  public typealias Receive = @Sendable (ServerSentEvent) -> Void

  private let channel: any Channel

  private init(_ channel: any Channel) { self.channel = channel }

  /// Opens `GET /stream` for a device.
  /// - Parameters:
  ///   - lastEventID: where to go on; nil: from now.
  ///   - receive: called on the event loop for every event, in order; must not block.
  /// - Returns: the stream, once its head has come; fails with `ClientError`, `.refused` for a status other than 200.
  public static func open(
    _ endpoint: Endpoint, token: String, device: DeviceID, lastEventID: String? = nil, on group: any EventLoopGroup,
    receive: @escaping Receive
  ) -> EventLoopFuture<EventStream> {
    let loop = group.next()
    let opened = loop.makePromise(of: Void.self)
    var request = ClientRequest(.GET, "/stream?device=\(device)", token: token)
    request.headers.add(name: "Accept", value: "text/event-stream")
    if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
    let head = request.head(for: endpoint)
    let channel = ClientBootstrap(group: loop)
      .connectTimeout(.seconds(5))
      .channelOption(
        ChannelOptions.recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 256, initial: 512, maximum: 65_536)
      )
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(EventStreamHandler(head, opened: opened, receive: receive))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
    channel.whenFailure { error in
      opened.fail(ClientError(.connectionLost, "\(endpoint) cannot be reached: \(error)"))
    }
    return channel.and(opened.futureResult).map { EventStream($0.0) }.flatMapErrorThrowing { error in
      throw error is ClientError ? error : ClientError(.connectionLost, "\(error)")
    }
  }

  /// Waits for its end.
  public func closed() async { try? await channel.closeFuture.get() }

  public func close() { channel.close(promise: nil) }
}
