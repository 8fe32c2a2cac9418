import Aggregation

/// The aggregator alone, on one core.
enum AggregatorSuite {
  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    let figures = AggregatorBench.run(policy: .leading(.seconds(1)))
    return [
      Measured("aggregator_messages", figures.messagesPerSecond, "1/s", goal: ">= 2000000"),
      Measured("aggregator_bytes_per_open_key", figures.bytesPerOpenKey, "B"),
    ]
  }
}
