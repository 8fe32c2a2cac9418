// HTTPServer: HTTP/1.1 on SwiftNIO. Routing, bodies, problem+json, event streams, static files, limits, draining.
// May import: NIO, Logging, Metrics, FoundationEssentials (JSON). Nothing of the chat.

import Logging
import Metrics
import NIOCore
import NIOPosix
import Synchronization

/// A listening server. Once made it owns threads: `stop` ends them, also when `start` was never called or failed.
public final class HTTPServer: Sendable {
  private enum State {
    case new
    case starting
    case listening(any Channel)
    case stopping
  }

  private let configuration: ServerConfiguration
  private let context: ServerContext
  private let group: MultiThreadedEventLoopGroup
  private let rosters: [ObjectIdentifier: LoopRoster]
  private let logger: Logger
  private let state = Mutex(State.new)
  private let stopped = Gate()

  /// - Parameters:
  ///   - routes: complete; later changes of the caller's copy have no effect.
  ///   - metrics: where requests, connections and refusals are counted.
  public init(_ configuration: ServerConfiguration, routes: Routes, metrics: MetricsRegistry, logger: Logger) {
    var limits = configuration.limits
    let files = FileLimit.raise()
    if files < limits.connections + FileLimit.reserve {
      limits.connections = max(1, files - FileLimit.reserve)
      logger.warning(
        "fewer connections than configured: the system allows too few open files",
        metadata: ["files": "\(files)", "connections": "\(limits.connections)"])
    } else {
      logger.info("open files allowed", metadata: ["files": "\(files)"])
    }
    let crossOrigin = CrossOriginPolicy(configuration.allowedOrigins)
    self.configuration = configuration
    self.logger = logger
    context = ServerContext(
      limits: limits, trustedProxies: configuration.trustedProxies,
      responder: Responder(
        routes, files: configuration.files, crossOrigin: crossOrigin, metrics: metrics, logger: logger),
      crossOrigin: crossOrigin,
      census: ConnectionCensus(limits: limits, trustedProxies: configuration.trustedProxies, metrics: metrics),
      logger: logger)
    group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.threads ?? System.coreCount))
    var rosters: [ObjectIdentifier: LoopRoster] = [:]
    for eventLoop in group.makeIterator() { rosters[ObjectIdentifier(eventLoop)] = LoopRoster(eventLoop: eventLoop) }
    self.rosters = rosters
  }

  /// Listens.
  /// - Returns: the port.
  /// - Throws: `ServerError`.
  public func start() async throws -> Int {
    let isNew = state.withLock { state -> Bool in
      guard case .new = state else { return false }
      state = .starting
      return true
    }
    guard isNew else { throw ServerError(.state, "started already") }
    for roster in rosters.values {
      let limits = context.limits
      roster.eventLoop.execute { roster.startSweeping(limits) }
    }
    let channel: any Channel
    do {
      channel = try await bootstrap().bind(host: configuration.host, port: configuration.port).get()
    } catch {
      throw ServerError(.bind, "\(configuration.host):\(configuration.port): \(error)")
    }
    state.withLock { $0 = .listening(channel) }
    let port = channel.localAddress?.port ?? configuration.port
    logger.info("listening", metadata: ["host": "\(configuration.host)", "port": .stringConvertible(port)])
    return port
  }

  /// Stops accepting, runs `onDrain`, lets requests finish and closes every connection; whatever is left after `limit` is cut off.
  /// Returns when nothing is open any more. A second call waits for the first.
  public func stop(within limit: Duration = .seconds(10)) async {
    let (isFirst, channel) = state.withLock { state -> (Bool, (any Channel)?) in
      defer { state = .stopping }
      switch state {
      case .stopping: return (false, nil)
      case .listening(let channel): return (true, channel)
      case .new, .starting: return (true, nil)
      }
    }
    guard isFirst else { return await stopped.wait() }
    let deadline = ContinuousClock.now + limit
    try? await channel?.close().get()
    await onEveryLoop { $0.drain() }
    let hookEnded = Gate()
    let onDrain = configuration.onDrain
    Task {
      await onDrain()
      hookEnded.open()
    }
    await hookEnded.wait(atMost: limit / 2)
    await onEveryLoop { $0.closeStreams() }
    await wait(until: deadline)
    await onEveryLoop { $0.abortAll() }
    // Handlers that still run belong to services that are about to be closed; one more second for them.
    await wait(until: deadline + .seconds(1))
    await onEveryLoop { $0.stopSweeping() }
    try? await group.shutdownGracefully()
    logger.info("stopped")
    stopped.open()
  }

  private func wait(until deadline: ContinuousClock.Instant) async {
    let empty = Gate()
    context.census.onceEmpty { empty.open() }
    await empty.wait(atMost: max(.zero, deadline - ContinuousClock.now))
  }

  private func onEveryLoop(_ action: @escaping @Sendable (LoopRoster) -> Void) async {
    for roster in rosters.values {
      try? await roster.eventLoop.submit { action(roster) }.get()
    }
  }

  private func bootstrap() -> ServerBootstrap {
    let context = context
    let rosters = rosters
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(ChannelOptions.backlog, value: Int32(clamping: configuration.backlog))
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
      .childChannelOption(ChannelOptions.maxMessagesPerRead, value: 1)
      // Small at first: the last buffer stays with its connection, and most of them are idle.
      .childChannelOption(
        ChannelOptions.recvAllocator,
        value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1024, maximum: 16 * 1024)
      )
      .childChannelInitializer { channel in
        HTTPServer.initialize(channel, context, rosters)
      }
    #if os(Linux)
      // TCP_USER_TIMEOUT, in milliseconds: a peer that vanished without a word is noticed within it once something was sent to it.
      return bootstrap.childChannelOption(ChannelOptions.tcpOption(.init(rawValue: 18)), value: 45_000)
    #else
      return bootstrap
    #endif
  }

  private static func initialize(
    _ channel: any Channel, _ context: ServerContext, _ rosters: [ObjectIdentifier: LoopRoster]
  ) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      guard let roster = rosters[ObjectIdentifier(channel.eventLoop)] else { throw ChannelError.ioOnClosedChannel }
      let peer = channel.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
      let admission = context.census.admit(peer)
      // Failing closes the socket without a word.
      if admission == .dropped { throw ChannelError.ioOnClosedChannel }
      let connection = ConnectionHandler(
        channel: channel, server: context, roster: roster, peer: peer, admission: admission)
      let decoder = ByteToMessageHandler(RequestDecoder(connection: connection, limits: context.limits))
      try channel.pipeline.syncOperations.addHandlers([decoder, connection])
    }
  }
}
