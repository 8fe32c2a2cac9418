/// Runs `body` for every element, so many at a time; results in the order of the elements.
func concurrently<Element: Sendable, Value: Sendable>(
  _ elements: [Element], limit: Int, done: (Int) -> Void = { _ in },
  _ body: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
  try await withThrowingTaskGroup(of: (Int, Value).self) { group in
    var results: [(Int, Value)] = []
    results.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      if index >= limit, let result = try await group.next() {
        results.append(result)
        done(results.count)
      }
      group.addTask { (index, try await body(element)) }
    }
    for try await result in group {
      results.append(result)
      done(results.count)
    }
    return results.sorted { $0.0 < $1.0 }.map(\.1)
  }
}
