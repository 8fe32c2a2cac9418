/// What one client, and all of them together, may use of the server. Every limit has a named answer.
public struct ServerLimits: Sendable, Equatable {
  /// Bytes of a body; more is answered 413.
  public var bodyBytes = 64 * 1024
  /// Bytes of request line and headers; more is answered 431.
  public var headBytes = 16 * 1024
  /// From a request's first byte to its last; longer is answered 408.
  public var arrivalTime = Duration.seconds(30)
  /// How long a connection may stay idle, before its first request or between two, until it is closed without a word.
  public var idleTime = Duration.seconds(75)
  /// How long a client may take to read an answer before it is cut off.
  public var answerTime = Duration.seconds(120)
  /// Requests of one connection waiting behind the one being answered; what exceeds it is dropped and the connection closed after them.
  public var pipelinedRequests = 64
  /// Open connections; more are answered 503 and closed.
  public var connections = 20_000
  /// Open connections from one address (IPv6: one /64); nil for no limit. Loopback and trusted proxies are not counted.
  public var connectionsPerAddress: Int? = 1_000
  /// Bytes that the socket of an event stream has not taken, above which `send` says `.overrun`.
  public var streamOutstandingBytes = 256 * 1024

  public init() {}
}
