import FoundationEssentials
import LoadClient

/// What a replay has shown.
struct ReplayReport: Encodable {
  struct Percentiles: Encodable {
    let p50: Double
    let p95: Double
    let p99: Double
    let max: Double

    init(_ latencies: Latencies) {
      var latencies = latencies
      p50 = Percentiles.rounded(latencies.milliseconds(0.5))
      p95 = Percentiles.rounded(latencies.milliseconds(0.95))
      p99 = Percentiles.rounded(latencies.milliseconds(0.99))
      max = Percentiles.rounded(latencies.milliseconds(1))
    }

    private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

    var text: String { "p50 \(p50)  p95 \(p95)  p99 \(p99)  max \(max) ms" }
  }

  let users: Int
  let chats: Int
  let sent: Int
  /// Sends that were refused or never answered.
  let failed: Int
  let stored: Int
  let received: Int
  let missing: Int
  let lost: Int
  let duplicated: Int
  let outOfOrder: Int
  let unknown: Int
  /// Messages that a page brought before the stream did.
  let fetched: Int
  let seconds: Double
  /// How late sends were started against the trace.
  let lateness: Percentiles
  let send: Percentiles
  let delivery: Percentiles
  let failures: [String]

  /// Every client has everything once.
  var isComplete: Bool {
    missing == 0 && lost == 0 && duplicated == 0 && unknown == 0 && failed == 0 && failures.isEmpty
  }

  var json: String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  var text: String {
    """
    users         \(users)
    chats         \(chats)
    sent          \(sent)\(failed > 0 ? "  (\(failed) failed)" : "")
    stored        \(stored)\(lost > 0 ? "  (\(lost) accepted and lost)" : "")
    received      \(received)  by all members together, \(fetched) of them by reading history
    missing       \(missing)
    duplicated    \(duplicated)
    out of order  \(outOfOrder)
    unknown       \(unknown)
    late          \(lateness.text)
    send          \(send.text)
    delivery      \(delivery.text)
    took          \((seconds * 10).rounded() / 10) s\(failures.map { "\nfailed: \($0)" }.joined())
    """
  }
}
