/// How a server listens and what it allows.
public struct ServerConfiguration: Sendable {
  /// An address of this machine; `0.0.0.0` or `::` for all.
  public var host: String
  /// 0: any free one.
  public var port: Int
  /// Event loops; nil: one a core.
  public var threads: Int?
  /// Connections that the kernel holds until they are accepted.
  public var backlog = 1024
  public var limits = ServerLimits()
  /// Whose `X-Forwarded-For` is believed.
  public var trustedProxies = TrustedProxies()
  /// Origins that other sites' pages may call from, such as `https://chat.example.org`; none by default.
  public var allowedOrigins: [String] = []
  /// The web app's files.
  public var files: StaticFiles?
  /// Runs when draining begins, after accepting has stopped: owners of event streams end them here.
  public var onDrain: @Sendable () async -> Void = {}

  public init(host: String = "127.0.0.1", port: Int = 0) {
    self.host = host
    self.port = port
  }
}
