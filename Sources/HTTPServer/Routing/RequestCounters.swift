import Metrics

/// Requests by route, method and class of status: a fixed set of labels, looked up by index.
struct RequestCounters: Sendable {
  private struct Row: Sendable {
    /// 1xx to 5xx.
    let byClass: [Counter]
    let duration: Histogram
  }

  private let rows: [Row]
  private let unrouted: Row

  init(_ routes: Routes, _ metrics: MetricsRegistry) {
    rows = routes.entries.map {
      RequestCounters.row(route: $0.pattern.text, method: $0.method.rawValue, metrics)
    }
    unrouted = RequestCounters.row(route: "none", method: "any", metrics)
  }

  private static func row(route: String, method: String, _ metrics: MetricsRegistry) -> Row {
    Row(
      byClass: (1...5).map { digit in
        metrics.counter(
          "http_requests_total", help: "Requests answered.",
          labels: ["method": method, "route": route, "status": "\(digit)xx"])
      },
      duration: metrics.histogram(
        "http_request_duration_seconds", help: "From a request's first byte to its answer.",
        labels: ["method": method, "route": route]))
  }

  /// - Parameter route: nil for what no route answered: files, unknown paths, refusals.
  func count(route: Int?, status: Int, nanoseconds: UInt64) {
    let row = route.map { rows[$0] } ?? unrouted
    row.byClass[min(max(status / 100, 1), 5) - 1].add()
    row.duration.recordNanoseconds(nanoseconds)
  }
}
