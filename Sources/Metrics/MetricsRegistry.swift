import Synchronization

/// The metrics of one process, by name and labels; renders Prometheus' text format 0.0.4.
///
/// Ask for a metric once, at start, and keep it: looking it up takes a lock. Asking again for the same name and labels gives the same one.
/// Labels must come from a fixed set (a route's pattern, never a path), because each combination lives until the process ends.
public final class MetricsRegistry: Sendable {
  /// The media type of `render()`.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  private let families = Mutex<[MetricFamily]>([])

  public init() {}

  public func counter(_ name: String, help: String, labels: Labels = []) -> Counter {
    let metric = metric(name, help, labels, kind: .counter) { .counter(Counter()) }
    guard case .counter(let counter) = metric else { return Counter() }
    return counter
  }

  public func gauge(_ name: String, help: String, labels: Labels = []) -> Gauge {
    let metric = metric(name, help, labels, kind: .gauge) { .gauge(Gauge()) }
    guard case .gauge(let gauge) = metric else { return Gauge() }
    return gauge
  }

  /// A gauge that is asked when scraped. `read` must be quick and must not use the registry; nil leaves the line out.
  public func gauge(_ name: String, help: String, labels: Labels = [], read: @escaping @Sendable () -> Double?) {
    _ = metric(name, help, labels, kind: .gauge) { .read(read) }
  }

  /// A counter kept elsewhere, asked when scraped.
  public func counter(_ name: String, help: String, labels: Labels = [], read: @escaping @Sendable () -> Double?) {
    _ = metric(name, help, labels, kind: .counter) { .read(read) }
  }

  public func histogram(
    _ name: String, help: String, labels: Labels = [], unit: Histogram.Unit = .seconds
  ) -> Histogram {
    let metric = metric(name, help, labels, kind: .histogram) { .histogram(Histogram(unit: unit)) }
    guard case .histogram(let histogram) = metric else { return Histogram(unit: unit) }
    return histogram
  }

  /// The text for Prometheus, families in the order in which they were first asked for.
  public func render() -> String {
    // Rendered outside the lock: a `read` closure may take its time.
    let families = families.withLock { $0 }
    var text = ""
    for family in families { family.render(into: &text) }
    return text
  }

  /// A name asked for as two kinds is a mistake of ours: the second gets a metric that is not shown.
  private func metric(
    _ name: String, _ help: String, _ labels: Labels, kind: MetricFamily.Kind, make: () -> Metric
  ) -> Metric {
    families.withLock { families in
      guard let index = families.firstIndex(where: { $0.name == name }) else {
        let metric = make()
        families.append(MetricFamily(name: name, help: help, kind: kind, members: [(labels.text, metric)]))
        return metric
      }
      if let known = families[index].members.first(where: { $0.labels == labels.text }) { return known.metric }
      let metric = make()
      if families[index].kind == kind { families[index].members.append((labels.text, metric)) }
      return metric
    }
  }
}
