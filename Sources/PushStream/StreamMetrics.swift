import Metrics

/// What the streams count.
struct StreamMetrics: Sendable {
  let open: Gauge
  let latency: Histogram
  let slowReaders: Counter
  let expired: Counter

  init(_ registry: MetricsRegistry) {
    open = registry.gauge("caravan_stream_open", help: "Open event streams.")
    latency = registry.histogram(
      "caravan_stream_delivery_seconds", help: "From a message's arrival until it is handed to a recipient's stream.")
    slowReaders = registry.counter(
      "caravan_stream_slow_readers_total", help: "Streams cut off because their client read too slowly.")
    expired = registry.counter("caravan_stream_expired_total", help: "Streams ended because their token expired.")
  }
}
