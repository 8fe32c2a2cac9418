import Metrics

struct ChatMetrics: Sendable {
  /// From a request's arrival until its message is durable.
  let send: Histogram
  let page: Histogram
  let refusedSends: Counter

  init(_ registry: MetricsRegistry) {
    send = registry.histogram("caravan_send_seconds", help: "From the arrival of a send until it is durable.")
    page = registry.histogram(
      "caravan_page_seconds", help: "From the arrival of a history request until its page is read.")
    refusedSends = registry.counter("caravan_sends_limited_total", help: "Sends refused by the limit of one sender.")
  }
}
