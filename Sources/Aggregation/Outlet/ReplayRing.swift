import ChatDomain
import DequeModule

/// The last aggregates of one recipient's epoch, for those who reconnect. Takes no memory before the first.
public struct ReplayRing: Sendable {
  private var aggregates: Deque<Aggregate> = []
  /// Of all that is remembered, about, as JSON.
  public private(set) var bytes = 0

  public init() {}

  public var count: Int { aggregates.count }
  /// All that is remembered, oldest first.
  public var all: [Aggregate] { Array(aggregates) }

  public mutating func append(_ aggregate: Aggregate, within limits: RingLimits) {
    aggregates.append(aggregate)
    bytes += aggregate.bytes
    while aggregates.count > limits.aggregates || (bytes > limits.bytes && aggregates.count > 1) {
      bytes -= aggregates.removeFirst().bytes
    }
  }

  /// What follows `seq`, oldest first.
  /// - Parameter last: number of the last aggregate.
  /// - Returns: nil if it cannot be proven complete: some of it is no longer remembered, or `seq` was never given out.
  public func replay(after seq: UInt64, last: UInt64) -> [Aggregate]? {
    guard seq <= last else { return nil }
    if seq == last { return [] }
    guard let first = aggregates.first, first.seq <= seq + 1 else { return nil }
    return Array(aggregates.suffix(Int(last - seq)))
  }
}
