import Metrics

struct FirestoreMetrics: Sendable {
  let requests: Counter
  let writes: Counter
  let failures: Counter
  let notWanted: Counter
  let overBudget: Counter
  let latency: Histogram

  init(_ registry: MetricsRegistry) {
    requests = registry.counter("caravan_firestore_requests_total", help: "Requests with mailbox writes.")
    writes = registry.counter("caravan_firestore_writes_total", help: "Mailbox writes attempted: what is billed.")
    failures = registry.counter("caravan_firestore_failures_total", help: "Mailbox writes that failed and come again.")
    notWanted = registry.counter(
      "caravan_firestore_not_wanted_total", help: "Writes not made because nobody looked any more.")
    overBudget = registry.counter(
      "caravan_firestore_over_budget_total", help: "Writes not made because the day's budget is spent.")
    latency = registry.histogram(
      "caravan_firestore_delivery_seconds", help: "From the acceptance of a message to its written mailbox.")
  }
}
