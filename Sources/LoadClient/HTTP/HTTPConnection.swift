import NIOCore
import NIOHTTP1
import NIOPosix

/// One kept-alive connection. Requests wait their turn: none is sent before the one before it is answered.
///
/// Futures rather than `async`, so that a measuring loop can stay on the event loop; `APIClient` is the comfortable form.
public final class HTTPConnection: Sendable {
  private let channel: any Channel

  public var isOpen: Bool { channel.isActive }
  public var eventLoop: any EventLoop { channel.eventLoop }

  private init(_ channel: any Channel) { self.channel = channel }

  /// Connects, within five seconds.
  public static func open(_ endpoint: Endpoint, on group: any EventLoopGroup) -> EventLoopFuture<HTTPConnection> {
    ClientBootstrap(group: group)
      .connectTimeout(.seconds(5))
      .channelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(HTTPConnectionHandler(endpoint))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
      .map { HTTPConnection($0) }
      .flatMapErrorThrowing { throw ClientError(.connectionLost, "\(endpoint) cannot be reached: \($0)") }
  }

  /// Asks, and answers on `eventLoop`.
  /// - Parameter limit: from now until the whole answer, waiting included.
  public func send(_ request: ClientRequest, limit: TimeAmount = .seconds(30)) -> EventLoopFuture<ClientAnswer> {
    let promise = channel.eventLoop.makePromise(of: ClientAnswer.self)
    let call = HTTPConnectionHandler.Call(request: request, promise: promise, deadline: .now() + limit)
    // Fails only if the handler is gone already; otherwise the handler answers.
    channel.writeAndFlush(call).whenFailure { error in
      promise.fail(ClientError(.connectionLost, "\(error)"))
    }
    return promise.futureResult
  }

  public func close() { channel.close(promise: nil) }
}
