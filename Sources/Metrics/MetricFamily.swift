/// One metric, whatever its kind.
enum Metric: Sendable {
  case counter(Counter)
  case gauge(Gauge)
  case read(@Sendable () -> Double?)
  case histogram(Histogram)
}

/// All metrics of one name.
struct MetricFamily: Sendable {
  enum Kind: String, Sendable { case counter, gauge, histogram }

  let name: String
  let help: String
  let kind: Kind
  var members: [(labels: String, metric: Metric)]

  func render(into text: inout String) {
    text += "# HELP \(name) \(escapedHelp)\n# TYPE \(name) \(kind.rawValue)\n"
    for (labels, metric) in members {
      switch metric {
      case .counter(let counter): line(name, labels, "\(counter.value)", into: &text)
      case .gauge(let gauge): line(name, labels, "\(gauge.value)", into: &text)
      case .read(let read): if let value = read() { line(name, labels, MetricFamily.number(value), into: &text) }
      case .histogram(let histogram): render(histogram, labels, into: &text)
      }
    }
  }

  private func render(_ histogram: Histogram, _ labels: String, into text: inout String) {
    let snapshot = histogram.snapshot()
    let separator = labels.isEmpty ? "" : ","
    // Prometheus' bounds are inclusive, ours exclusive: with integers, "below 2^n" is "at most 2^n - 1", shown as 2^n.
    let powers = histogram.unit == .seconds ? Array(17...35) : Array(stride(from: 0, through: 24, by: 2))
    for power in powers {
      let bound = UInt64(1) << UInt64(power)
      let shown = histogram.unit == .seconds ? MetricFamily.number(Double(bound) / 1e9) : "\(bound - 1)"
      line("\(name)_bucket", "\(labels)\(separator)le=\"\(shown)\"", "\(snapshot.count(below: bound))", into: &text)
    }
    line("\(name)_bucket", "\(labels)\(separator)le=\"+Inf\"", "\(snapshot.count)", into: &text)
    let sum = histogram.unit == .seconds ? MetricFamily.number(Double(snapshot.sum) / 1e9) : "\(snapshot.sum)"
    line("\(name)_sum", labels, sum, into: &text)
    line("\(name)_count", labels, "\(snapshot.count)", into: &text)
  }

  private func line(_ name: String, _ labels: String, _ value: String, into text: inout String) {
    text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
  }

  private var escapedHelp: String {
    help.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
      .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
  }

  /// Whole numbers without a fraction; everything else as Swift prints it, which Prometheus reads.
  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    return "\(value)"
  }
}
