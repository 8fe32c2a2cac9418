import HTTPServer
import Logging
import Metrics

/// Starts a server on a free port for one test, and stops it.
func withServer<R>(
  _ routes: Routes = .examples, configure: (inout ServerConfiguration) -> Void = { _ in },
  metrics: MetricsRegistry = MetricsRegistry(), _ body: (Int) async throws -> R
) async throws -> R {
  var configuration = ServerConfiguration()
  configuration.threads = 1
  configure(&configuration)
  var logger = Logger(label: "test")
  logger.logLevel = .critical
  let server = HTTPServer(configuration, routes: routes, metrics: metrics, logger: logger)
  do {
    let result = try await body(try await server.start())
    await server.stop(within: .seconds(2))
    return result
  } catch {
    await server.stop(within: .seconds(2))
    throw error
  }
}

extension Routes {
  /// `GET /hello`, `POST /echo`, `GET /items/{id}`, `GET /broken`.
  static var examples: Routes {
    var routes = Routes()
    routes.on(.GET, "/hello") { _ in .text("hello") }
    routes.on(.POST, "/echo") { request in .json(bytes: request.bytes, status: .created) }
    routes.on(.GET, "/items/special") { _ in .text("special") }
    routes.on(.GET, "/items/{id}") { request in
      .text("item \(try request.parameters.require("id", as: Int.self)) from \(request.remoteAddress)")
    }
    routes.on(.GET, "/broken") { _ in throw Broken() }
    routes.on(.GET, "/page") { request in .text("\(try request.query.int("quantity", in: 1...100, default: 20))") }
    return routes
  }
}

struct Broken: Error {}

extension String {
  /// How often `part` occurs.
  func count(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let found = rest.firstRange(of: part) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }

  /// The value of a header in a raw answer.
  func header(_ name: String) -> String? {
    for line in split(separator: "\r\n") where line.lowercased().hasPrefix(name.lowercased() + ":") {
      return String(line.dropFirst(name.count + 1)).trimmed
    }
    return nil
  }

  private var trimmed: String { String(drop { $0 == " " }) }

  /// What follows the head of a raw answer.
  var bodyOfAnswer: String {
    firstRange(of: "\r\n\r\n").map { String(self[$0.upperBound...]) } ?? ""
  }
}
