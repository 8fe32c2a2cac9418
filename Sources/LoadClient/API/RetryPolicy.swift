import NIOCore

/// How long a call is repeated while the server refuses for the moment, or is away.
public struct RetryPolicy: Sendable {
  /// From the first attempt on.
  public var limit: TimeAmount

  public init(limit: TimeAmount) { self.limit = limit }

  public static let none = RetryPolicy(limit: .zero)

  /// Runs `attempt` until it succeeds, fails for good, or time is over.
  /// - Parameter attempt: gets its number, from 0.
  public func run<Value: Sendable>(_ attempt: (Int) async throws -> Value) async throws -> Value {
    let end = NIODeadline.now() + limit
    var count = 0
    while true {
      do {
        return try await attempt(count)
      } catch let error as ClientError where error.isPassing && NIODeadline.now() < end {
        // Not all at the same moment: the half to the whole of a step that doubles up to a second.
        let step = error.retryAfter.map { Int64(min($0, 5)) * 1_000 } ?? min(1_000, 25 << Int64(min(count, 6)))
        try await Task.sleep(for: .milliseconds(Int64.random(in: step / 2...step)))
        count += 1
      }
    }
  }
}
