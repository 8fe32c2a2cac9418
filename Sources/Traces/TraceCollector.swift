/// The first messages of a trace.
struct TraceCollector {
  let limit: Int
  private var messages: [TraceMessage] = []

  init(limit: Int) { self.limit = limit }

  /// - Returns: whether there is room for more.
  mutating func add(_ message: TraceMessage) -> Bool {
    if messages.count < limit { messages.append(message) }
    return messages.count < limit
  }

  func sorted() throws(TraceError) -> [TraceMessage] {
    guard !messages.isEmpty else { throw TraceError(.empty, "the trace holds no message") }
    // Swift's sort is stable.
    return messages.sorted { $0.time < $1.time }
  }
}
