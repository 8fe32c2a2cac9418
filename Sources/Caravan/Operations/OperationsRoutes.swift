import HTTPServer
import Metrics
import SQLiteEngine

/// What operators and tools ask: is it alive, can it work, what does it do.
struct OperationsRoutes: Sendable {
  let database: SQLiteDatabase
  let metrics: MetricsRegistry

  func add(to routes: inout Routes) {
    routes.on(.GET, "/healthz") { _ in .json(bytes: #"{"status":"alive"}"#.utf8) }
    routes.on(.GET, "/readyz") { [database] _ in
      // A write of nothing: it waits for the writer, and fails when the disk does.
      try await database.write { try $0.run("UPDATE schema_versions SET version = version") }
      return .json(bytes: #"{"status":"ready","checks":{"database":"ok"}}"#.utf8)
    }
    routes.on(.GET, "/metrics") { [metrics] _ in
      .text(metrics.render(), contentType: MetricsRegistry.contentType)
    }
    routes.on(.GET, "/openapi.json") { _ in .json(bytes: PackageResources.openapi_json) }
  }
}
