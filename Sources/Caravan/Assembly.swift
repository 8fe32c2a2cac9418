import Aggregation
import AuthService
import ChatDomain
import ChatService
import ChatStoreSQLite
import FoundationEssentials
import HTTPServer
import Logging
import MessageLogEmbedded
import Metrics
import NIOPosix
import PushService
import PushStream
import SQLiteEngine

/// The embedded form put together: every role in one process over one data folder.
struct Assembly: Sendable {
  private let folder: DataFolder
  private let stores: Stores
  private let journal: SQLiteMessageJournal
  private let auth: AuthService
  private let push: PushService
  private let streams: StreamChannel
  private let pushLoops: MultiThreadedEventLoopGroup
  private let server: HTTPServer
  private let logger: Logger

  init(_ options: ServeOptions, logger: Logger) async throws {
    self.logger = logger
    let metrics = MetricsRegistry()
    metrics.addProcessMetrics()
    folder = try DataFolder(path: options.data)
    let keys = try SigningKeyFile(path: folder.signingKeys).loadOrCreate()
    stores = try await Stores(folder: folder)
    journal = SQLiteMessageJournal(
      database: stores.database, node: .random(in: 0 ... .max), clock: Assembly.microseconds)

    var authSettings = AuthSettings(issuer: options.publicURL)
    authSettings.limits.areOn = options.limits == .on
    authSettings.limits.registrationsPerHour = options.registrationsPerHour
    authSettings.limits.failuresPerName = options.loginFailures
    auth = try AuthService(
      authSettings, users: stores.users, sessions: stores.sessions, keys: keys, metrics: metrics, logger: logger)
    let caller = auth.caller

    pushLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let runner = EventLoopRunner(pushLoops.next())
    streams = StreamChannel(runner: runner, metrics: metrics)
    push = PushService(
      channels: [(streams, Assembly.outlet(options))], runners: [runner], metrics: metrics)
    streams.start(owner: push)

    var chatSettings = ChatSettings()
    chatSettings.areLimitsOn = options.limits == .on
    chatSettings.sendsPerSecond = options.sendsPerSecond
    chatSettings.sendBurst = options.sendBurst
    chatSettings.unansweredChatsPerDay = options.newChatsPerDay
    let chats = ChatService(
      store: stores.chats, log: EmbeddedMessageLog(journal: journal, receiver: push), directory: stores.users,
      settings: chatSettings, metrics: metrics, now: Assembly.now
    ) { request in try caller(request).userID }

    var routes = Routes()
    routes.problem = { error in
      guard let error = error as? StoreError else { return nil }
      logger.warning("a store failed", metadata: ["code": "\(error.code)", "reason": "\(error.detail)"])
      return .unavailable(retryAfter: 2)
    }
    auth.addRoutes(to: &routes)
    chats.addRoutes(to: &routes)
    AttentionRoutes(attention: push) { request in try caller(request).userID }.add(to: &routes)
    StreamRoutes(channel: streams, runner: runner, now: Assembly.now) { request in
      let caller = try caller(request)
      return StreamCaller(user: caller.userID, tokenExpiresAt: caller.tokenExpiresAt)
    }.add(to: &routes)
    OperationsRoutes(database: stores.database, metrics: metrics).add(to: &routes)

    let streams = streams
    var configuration = try Assembly.configuration(options, logger: logger)
    let push = push
    configuration.onDrain = {
      await push.finish()
      streams.drain()
    }
    server = HTTPServer(configuration, routes: routes, metrics: metrics, logger: logger)
  }

  /// Serves until a signal comes, then stops in order: nothing accepted is lost.
  func run() async throws {
    let signals = StopSignals()
    do {
      _ = try await server.start()
    } catch {
      await stop()
      throw error
    }
    // Both end, cancelled, with this scope.
    async let _: Void = auth.run()
    async let _: Void = forgetOldKeys()
    let signal = await signals.wait()
    logger.info("stopping", metadata: ["signal": .stringConvertible(Int(signal))])
    await stop()
  }

  private func stop() async {
    await server.stop(within: .seconds(8))
    await stores.database.close()
    try? await pushLoops.shutdownGracefully()
  }

  /// A few chats a minute: keys older than 30 days make no difference any more.
  private func forgetOldKeys() async {
    var position: Int64 = 0
    while !Task.isCancelled {
      do {
        position = try await journal.forgetOldKeys(after: position)
      } catch {
        logger.warning("old keys could not be removed", metadata: ["reason": "\(error)"])
      }
      try? await Task.sleep(for: .seconds(60))
    }
  }

  private static func outlet(_ options: ServeOptions) -> OutletSettings {
    var outlet = OutletSettings.stream
    outlet.windows = Windows(viewing: options.streamWindow, elsewhere: options.streamWindow)
    outlet.terms.duration = .seconds(options.leaseSeconds)
    if options.limits == .off {
      outlet.terms.devices = 100_000
      outlet.terms.spacing = .zero
    }
    return outlet
  }

  private static func configuration(_ options: ServeOptions, logger: Logger) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(host: options.host, port: options.port)
    configuration.threads = options.threads
    configuration.limits.connections = options.maxConnections
    configuration.trustedProxies = TrustedProxies(options.trustedProxies)
    configuration.allowedOrigins = options.allowedOrigins
    if let web = WebApp.folder(options.web) {
      configuration.files = try StaticFiles(directory: web)
    } else if options.web != "off" {
      logger.warning("no web app was found: serving the API alone; 'script/server' builds it, --web names its folder")
    }
    return configuration
  }

  /// Microseconds since 1970.
  @Sendable private static func microseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

  @Sendable private static func now() -> Timestamp { Timestamp(milliseconds: microseconds() / 1_000) }
}
