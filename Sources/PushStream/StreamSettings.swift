/// How event streams are served.
public struct StreamSettings: Sendable {
  /// Between two comments on an idle stream, so that proxies keep it and clients know that it is alive.
  public var heartbeatSeconds = 15

  public init() {}
}
