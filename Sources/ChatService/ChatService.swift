// ChatService: the chat role. Chats, history, sends, read marks.
// May import: ChatDomain, HTTPServer, Metrics. No adapter.

import ChatDomain
import HTTPServer
import Metrics

/// The chat role: its routes over the ports that it is given.
public struct ChatService: Sendable {
  /// Who calls; throws a `Problem` for nobody that we know.
  public typealias Authenticate = @Sendable (Request) async throws -> UserID

  let store: any ChatStore
  let log: any MessageLog
  let directory: any UserDirectory
  let authenticate: Authenticate
  let settings: ChatSettings
  let sendLimit: SendLimit?
  /// The wall clock.
  let now: @Sendable () -> Timestamp
  let metrics: ChatMetrics

  public init(
    store: any ChatStore, log: any MessageLog, directory: any UserDirectory, settings: ChatSettings = ChatSettings(),
    metrics: MetricsRegistry, now: @escaping @Sendable () -> Timestamp, authenticate: @escaping Authenticate
  ) {
    self.store = store
    self.log = log
    self.directory = directory
    self.settings = settings
    self.now = now
    self.authenticate = authenticate
    sendLimit = settings.areLimitsOn ? SendLimit(perSecond: settings.sendsPerSecond, burst: settings.sendBurst) : nil
    self.metrics = ChatMetrics(metrics)
  }

  public func addRoutes(to routes: inout Routes) {
    routes.on(.POST, "/chat", create)
    routes.on(.GET, "/chat", list)
    routes.on(.GET, "/chat/heads", heads)
    routes.on(.GET, "/chat/{id}", history)
    routes.on(.POST, "/chat/{id}", send)
    routes.on(.GET, "/chat/{id}/info", info)
    routes.on(.GET, "/chat/{id}/members", members)
    routes.on(.PUT, "/chat/{id}/read", markRead)
  }
}
