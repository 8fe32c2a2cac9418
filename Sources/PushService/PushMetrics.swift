import ChatDomain
import Metrics

/// What the push role counts.
struct PushMetrics: Sendable {
  private let aggregates: [Counter]
  private let messages: [Histogram]
  let dropped: Counter
  let resyncs: Counter

  init(_ registry: MetricsRegistry, channels: [ChannelName]) {
    aggregates = channels.map {
      registry.counter(
        "caravan_push_aggregates_total", help: "Attempts to publish an aggregate.", labels: ["channel": $0.rawValue])
    }
    messages = channels.map {
      registry.histogram(
        "caravan_push_messages_per_aggregate", help: "Messages in one aggregate.", labels: ["channel": $0.rawValue],
        unit: .count)
    }
    dropped = registry.counter(
      "caravan_push_dropped_total", help: "Deliveries dropped because a shard had too much to do.")
    resyncs = registry.counter(
      "caravan_push_resyncs_total", help: "Times a device was told to read history again.")
  }

  func published(_ publication: Publication, on channel: Int) {
    aggregates[channel].add()
    messages[channel].record(UInt64(publication.aggregate.items.count))
  }
}
