import DequeModule

/// Which positions of one partition are done: a deque of (position, done). A position may be committed once everything up to it is done.
public struct Watermark: Sendable {
  private struct Entry {
    let position: Int64
    var isDone: Bool
  }

  private var entries: Deque<Entry> = []
  private let limit: Int
  /// End of the done prefix: everything up to and including this position is done. nil before the first.
  public private(set) var committable: Int64?

  /// - Parameter limit: unfinished positions, and done ones behind them, that are remembered at most.
  public init(limit: Int = 100_000) {
    self.limit = limit
  }

  /// Positions behind the watermark.
  public var count: Int { entries.count }
  /// No more may be received: pause the partition.
  public var isFull: Bool { entries.count >= limit }

  /// A position was read. They rise strictly; gaps are allowed.
  /// - Returns: false if it does not rise, or the ledger is full: then it is not registered.
  public mutating func received(_ position: Int64) -> Bool {
    guard !isFull, position > entries.last?.position ?? committable ?? .min else { return false }
    entries.append(Entry(position: position, isDone: false))
    return true
  }

  /// A position is done, in any order.
  /// - Returns: false for one that is not registered, or done already.
  @discardableResult
  public mutating func done(_ position: Int64) -> Bool {
    guard let place = place(of: position), !entries[place].isDone else { return false }
    entries[place].isDone = true
    while let first = entries.first, first.isDone {
      committable = first.position
      entries.removeFirst()
    }
    return true
  }

  private func place(of position: Int64) -> Int? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].position < position { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].position == position ? low : nil
  }
}
