import ChatDomain

/// What happened on one billing day, or a part of it: parts add up.
public struct DayFigures: Hashable, Sendable, Codable {
  /// Messages accepted.
  public var messages: Int64 = 0
  /// Messages × recipients for whom they were news.
  public var deliveries: Int64 = 0
  /// Deliveries for which nobody looked: neither written nor read.
  public var suppressed: Int64 = 0
  /// Writes charged: every attempt, before it was made, whatever became of it.
  public var attempts: Int64 = 0
  /// Those of the attempts that repeated one before.
  public var retries: Int64 = 0
  /// Writes known to have arrived.
  public var successes: Int64 = 0
  /// Deliveries that those carried.
  public var carried: Int64 = 0
  /// Attempts and leases that the budget did not allow.
  public var refused: Int64 = 0
  /// Expected, not counted: each device that looks reads each write.
  public var listenerReads: Int64 = 0
  /// Expected, not counted: each new lease reads the mailbox once.
  public var attachReads: Int64 = 0
  /// Reads that Caravan made itself.
  public var ownReads: Int64 = 0
  /// Deletes that Caravan made: it makes none.
  public var deletes: Int64 = 0
  /// What a document per message would have taken: a write, and a read by each member.
  public var perMessage = BilledOperations.none
  /// What a document per window of a chat and sender would have taken.
  public var perWindow = BilledOperations.none

  public init() {}

  /// What is billed for Caravan's own doing: exact.
  public var own: BilledOperations { BilledOperations(reads: ownReads, writes: attempts, deletes: deletes) }
  /// What is billed for the clients' listening: expected.
  public var expected: BilledOperations { BilledOperations(reads: listenerReads + attachReads) }
  public var total: BilledOperations { own + expected }
  /// Deliveries that needed no write of their own.
  public var merged: Int64 { max(0, carried - successes) }

  public static func + (a: DayFigures, b: DayFigures) -> DayFigures {
    var sum = a
    for field in counts { sum[keyPath: field] += b[keyPath: field] }
    sum.perMessage += b.perMessage
    sum.perWindow += b.perWindow
    return sum
  }

  public static func += (a: inout DayFigures, b: DayFigures) { a = a + b }

  private static var counts: [WritableKeyPath<DayFigures, Int64>] {
    [
      \.messages, \.deliveries, \.suppressed, \.attempts, \.retries, \.successes, \.carried, \.refused,
      \.listenerReads, \.attachReads, \.ownReads, \.deletes,
    ]
  }
}
