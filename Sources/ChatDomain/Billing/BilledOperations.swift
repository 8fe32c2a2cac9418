/// Operations of a document database that it bills one by one.
public struct BilledOperations: Hashable, Sendable, Codable {
  public var reads: Int64
  public var writes: Int64
  public var deletes: Int64

  public init(reads: Int64 = 0, writes: Int64 = 0, deletes: Int64 = 0) {
    self.reads = reads
    self.writes = writes
    self.deletes = deletes
  }

  public static let none = BilledOperations()

  /// One overwritten document, and what its listeners are expected to read of it.
  public static func write(heardBy listeners: Int) -> BilledOperations {
    BilledOperations(reads: Int64(listeners), writes: 1)
  }

  public static func + (a: BilledOperations, b: BilledOperations) -> BilledOperations {
    BilledOperations(reads: a.reads + b.reads, writes: a.writes + b.writes, deletes: a.deletes + b.deletes)
  }

  public static func - (a: BilledOperations, b: BilledOperations) -> BilledOperations {
    BilledOperations(reads: a.reads - b.reads, writes: a.writes - b.writes, deletes: a.deletes - b.deletes)
  }

  public static func * (a: BilledOperations, count: Int64) -> BilledOperations {
    BilledOperations(reads: a.reads * count, writes: a.writes * count, deletes: a.deletes * count)
  }

  public static func += (a: inout BilledOperations, b: BilledOperations) { a = a + b }
  public static func -= (a: inout BilledOperations, b: BilledOperations) { a = a - b }

  /// Whether `other` fits into this, each kind into its own.
  public func covers(_ other: BilledOperations) -> Bool {
    reads >= other.reads && writes >= other.writes && deletes >= other.deletes
  }

  /// What of `self` does not fit into `other`; never negative.
  public func beyond(_ other: BilledOperations) -> BilledOperations {
    BilledOperations(
      reads: max(0, reads - other.reads), writes: max(0, writes - other.writes),
      deletes: max(0, deletes - other.deletes))
  }

  /// The larger of each kind.
  public func union(_ other: BilledOperations) -> BilledOperations { other + beyond(other) }
}
