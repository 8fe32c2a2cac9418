import Aggregation
import AuthService
import BillingService
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
  private let firestore: Firestore?
  private let attention: LastingAttention
  private let spending: Spending
  private let runner: EventLoopRunner
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

    pushLoops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let runner = EventLoopRunner(pushLoops.next())
    self.runner = runner
    let spending = Spending(
      budget: options.budget, limitsAttaching: options.limits == .on, prices: options.prices,
      usesFreeQuota: options.freeQuota == .on,
      windows: options.mailboxWindow, spend: stores.spend, bills: stores.bills, metrics: metrics, logger: logger,
      now: Assembly.now)
    self.spending = spending
    firestore = try options.firebase.map { path in
      try Firestore(path: path, account: spending, runner: runner, metrics: metrics, logger: logger)
    }

    var authSettings = AuthSettings(issuer: options.publicURL)
    authSettings.limits.areOn = options.limits == .on
    authSettings.limits.registrationsPerHour = options.registrationsPerHour
    authSettings.limits.failuresPerName = options.loginFailures
    authSettings.firebaseTokens = firestore?.tokens
    auth = try AuthService(
      authSettings, users: stores.users, sessions: stores.sessions, keys: keys, metrics: metrics, logger: logger)
    let caller = auth.caller

    streams = StreamChannel(runner: runner, metrics: metrics)
    var channels: [(any PushChannel, OutletSettings)] = [(streams, Assembly.outlet(options))]
    if let firestore { channels.append((firestore.channel, Firestore.outlet(options))) }
    push = PushService(channels: channels, runners: [runner], metrics: metrics)
    streams.start(owner: push)
    firestore?.channel.start(owner: push)
    let channel = firestore?.channel
    attention = LastingAttention(
      push, store: stores.leases, channel: .firestore, logger: logger, now: Assembly.now,
      admits: { lease in
        guard let channel, channel.isHealthy else { return .refused(seconds: 60) }
        return switch await spending.admits(lease, lasting: options.leaseSeconds) {
        case .taken: .taken
        case .spent: .refused(seconds: 3_600)
        case .later: .refused(seconds: 60)
        }
      },
      left: { device, user in spending.left(device: device, of: user) })

    var chatSettings = ChatSettings()
    chatSettings.areLimitsOn = options.limits == .on
    chatSettings.sendsPerSecond = options.sendsPerSecond
    chatSettings.sendBurst = options.sendBurst
    chatSettings.unansweredChatsPerDay = options.newChatsPerDay
    let chats = ChatService(
      store: stores.chats,
      log: EmbeddedMessageLog(journal: journal, receiver: MeteredReceiver(push, spending: spending)),
      directory: stores.users,
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
    AttentionRoutes(attention: attention, isLimited: options.limits == .on) { request in try caller(request).userID }
      .add(to: &routes)
    StreamRoutes(channel: streams, runner: runner, now: Assembly.now) { request in
      let caller = try caller(request)
      return StreamCaller(user: caller.userID, tokenExpiresAt: caller.tokenExpiresAt)
    }.add(to: &routes)
    BillRoutes(spending: spending, directory: stores.users, isConfigured: firestore != nil) { request in
      try caller(request).userID
    }.add(to: &routes)
    try Firestore.addConfiguration(of: firestore, to: &routes)
    OperationsRoutes(database: stores.database, metrics: metrics).add(to: &routes)

    let streams = streams
    var configuration = try Assembly.configuration(
      options, connectSources: firestore?.connectSources ?? [], logger: logger)
    let push = push
    configuration.onDrain = {
      await push.finish()
      streams.drain()
      await channel?.finish(within: .seconds(3))
      // What collected behind the last writes.
      await push.finish()
      await channel?.finish(within: .seconds(2))
    }
    server = HTTPServer(configuration, routes: routes, metrics: metrics, logger: logger)
  }

  /// Serves until a signal comes, then stops in order: nothing accepted is lost.
  func run() async throws {
    let signals = StopSignals()
    await takeLeasesOver()
    do {
      _ = try await server.start()
    } catch {
      await stop()
      throw error
    }
    // Both end, cancelled, with this scope.
    async let _: Void = auth.run()
    async let _: Void = forgetOldKeys()
    async let _: Void = keepAccounts()
    let signal = await signals.wait()
    logger.info("stopping", metadata: ["signal": .stringConvertible(Int(signal))])
    await stop()
  }

  private func stop() async {
    await server.stop(within: .seconds(8))
    await spending.flush(taken: push.takenCount(on: .firestore))
    await stores.database.close()
    try? await pushLoops.shutdownGracefully()
  }

  /// Before anybody can renew one.
  private func takeLeasesOver() async {
    guard firestore != nil else { return }
    do {
      spending.knows(try await attention.takeOver(monotonic: runner.now))
    } catch {
      logger.warning("earlier leases cannot be read", metadata: ["reason": "\(error)"])
    }
  }

  /// Stores the bill every few seconds, and lets windows follow the budget.
  private func keepAccounts() async {
    var windows = spending.pace.windows
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(5))
      await spending.flush(taken: push.takenCount(on: .firestore))
      let next = spending.pace.windows
      if next != windows { push.use(next, on: .firestore) }
      windows = next
    }
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
      await attention.tidy()
      try? await Task.sleep(for: .seconds(60))
    }
  }

  private static func outlet(_ options: ServeOptions) -> OutletSettings {
    var outlet = OutletSettings.stream
    outlet.windows = Windows(viewing: options.streamWindow, elsewhere: options.streamWindow)
    outlet.terms = options.leaseTerms
    return outlet
  }

  private static func configuration(
    _ options: ServeOptions, connectSources: [String], logger: Logger
  ) throws -> ServerConfiguration {
    var configuration = ServerConfiguration(host: options.host, port: options.port)
    configuration.threads = options.threads
    configuration.limits.connections = options.maxConnections
    configuration.trustedProxies = TrustedProxies(options.trustedProxies)
    configuration.allowedOrigins = options.allowedOrigins
    if let web = WebApp.folder(options.web) {
      configuration.files = try StaticFiles(directory: web, connectSources: connectSources)
    } else if options.web != "off" {
      logger.warning("no web app was found: serving the API alone; 'script/server' builds it, --web names its folder")
    }
    return configuration
  }

  /// Microseconds since 1970.
  @Sendable private static func microseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }

  @Sendable private static func now() -> Timestamp { Timestamp(milliseconds: microseconds() / 1_000) }
}
