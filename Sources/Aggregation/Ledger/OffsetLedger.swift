/// The watermarks of the partitions that one consumer owns. A revoke ends the partition's assignment, so a completion that comes late for it is ignored,
/// also when the same partition has come back meanwhile.
public struct OffsetLedger: Sendable {
  /// One position of one assignment: what a worker gives back when it is done.
  public struct Token: Hashable, Sendable {
    public let partition: Int32
    public let position: Int64
    let assignment: UInt64
  }

  private struct Assignment {
    let number: UInt64
    var watermark: Watermark
  }

  private var assignments: [Int32: Assignment] = [:]
  private var lastNumber: UInt64 = 0
  private let limit: Int

  /// - Parameter limit: positions remembered for each partition at most.
  public init(limit: Int = 100_000) {
    self.limit = limit
  }

  /// A partition came. One that is here already starts anew.
  public mutating func assigned(_ partition: Int32) {
    lastNumber += 1
    assignments[partition] = Assignment(number: lastNumber, watermark: Watermark(limit: limit))
  }

  /// A partition went.
  /// - Returns: what may still be committed for it.
  @discardableResult
  public mutating func revoked(_ partition: Int32) -> Int64? {
    assignments.removeValue(forKey: partition)?.watermark.committable
  }

  /// A position was read. nil if the partition is not here, is full, or the position does not rise.
  public mutating func received(_ position: Int64, of partition: Int32) -> Token? {
    guard let number = assignments[partition]?.number,
      assignments[partition]?.watermark.received(position) == true
    else { return nil }
    return Token(partition: partition, position: position, assignment: number)
  }

  /// - Returns: false for a token of an assignment that has ended.
  @discardableResult
  public mutating func done(_ token: Token) -> Bool {
    guard assignments[token.partition]?.number == token.assignment else { return false }
    return assignments[token.partition]?.watermark.done(token.position) ?? false
  }

  /// The position up to which everything is done.
  public func committable(_ partition: Int32) -> Int64? { assignments[partition]?.watermark.committable }

  /// The partition must be paused.
  public func isFull(_ partition: Int32) -> Bool { assignments[partition]?.watermark.isFull ?? false }
}
