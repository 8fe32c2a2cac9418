import Aggregation
import ChatDomain
import HTTPServer
import Logging
import Metrics
import NIOCore
import NIOPosix
import PushService
import PushStream
import TestSupport

/// A server with nothing but the push role's routes. A bearer token is the user's number. The sweep runs on a clock that the test moves.
struct StreamServer: Sendable {
  let port: Int
  let service: PushService
  let channel: StreamChannel
  let clock: MockClock
  let metrics: MetricsRegistry

  static func run<R: Sendable>(
    outlet: OutletSettings = .stream, tokenSeconds: Int = 900, outstandingBytes: Int = 256 * 1_024,
    _ body: @Sendable (StreamServer) async throws -> R
  ) async throws -> R {
    let (clock, metrics) = (MockClock(), MetricsRegistry())
    let channel = StreamChannel(runner: clock, metrics: metrics)
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let service = PushService(
      channels: [(channel, outlet)], runners: [EventLoopRunner(loop)], metrics: metrics)
    channel.start(owner: service)

    var routes = Routes()
    StreamRoutes(channel: channel, runner: clock, now: { Timestamp(milliseconds: 1_000_000) }) { request in
      StreamCaller(
        user: try user(of: request), tokenExpiresAt: Timestamp(milliseconds: 1_000_000 + Int64(tokenSeconds) * 1_000))
    }.add(to: &routes)
    AttentionRoutes(attention: service) { try user(of: $0) }.add(to: &routes)

    var configuration = ServerConfiguration()
    configuration.threads = 1
    configuration.limits.streamOutstandingBytes = outstandingBytes
    configuration.onDrain = { channel.drain() }
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = HTTPServer(configuration, routes: routes, metrics: metrics, logger: logger)
    let port = try await server.start()
    let running = StreamServer(port: port, service: service, channel: channel, clock: clock, metrics: metrics)
    do {
      let result = try await body(running)
      await server.stop(within: .seconds(2))
      return result
    } catch {
      await server.stop(within: .seconds(2))
      throw error
    }
  }

  private static func user(of request: Request) throws -> UserID {
    guard let token = request.bearerToken, let number = Int(token) else { throw Problem.unauthorized() }
    return .number(number)
  }

  func open(_ user: Int = 1, device: Int = 1, lastEvent: String? = nil, query: String? = nil) async throws
    -> StreamClient
  {
    try await StreamClient.open(port, user: user, device: device, lastEvent: lastEvent, query: query)
  }
}

extension String {
  /// The value of a string field in JSON that has no blanks.
  func field(_ name: String) -> String? {
    guard
      let start = split(separator: "\"\(name)\":\"", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
    else { return nil }
    return start.split(separator: "\"", omittingEmptySubsequences: false).first.map(String.init)
  }

  /// The id of an event.
  var eventID: String? {
    split(separator: "\n").first { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
  }
}
