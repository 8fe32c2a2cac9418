// HTTPServer: HTTP/1.1 on SwiftNIO. Routing, bodies, problem+json, event streams, static files, limits, draining.
// May import: NIO, Logging, Metrics, FoundationEssentials (JSON). Nothing of the chat.

import Logging
import Metrics

/// A listening server.
public final class HTTPServer: Sendable {
  /// - Parameters:
  ///   - routes: complete; later changes of the caller's copy have no effect.
  ///   - metrics: where requests, connections and refusals are counted.
  public init(_ configuration: ServerConfiguration, routes: Routes, metrics: MetricsRegistry, logger: Logger) {}

  /// Listens.
  /// - Returns: the port.
  /// - Throws: `ServerError`.
  public func start() async throws -> Int { throw ServerError(.state, "not built yet") }

  /// Stops accepting, runs `onDrain`, lets requests finish and closes every connection; whatever is left after `limit` is cut off.
  /// Returns when nothing is open any more. A second call waits for the first.
  public func stop(within limit: Duration = .seconds(10)) async {}
}
