import ChatDomain

/// What a policy would have done with a trace.
public struct PolicyOutcome: Sendable {
  public let policy: PlannedPolicy
  public let messages: Int
  public internal(set) var operations = BilledOperations.none
  /// Those of the reads that listeners make when they begin to look.
  public internal(set) var attachReads: Int64 = 0
  /// Of messages whose recipient looked at the chat.
  public internal(set) var seenDelays = Delays()
  /// Of the other messages that were written.
  public internal(set) var otherDelays = Delays()
  /// Messages that came after a later one of their chat.
  public internal(set) var reordered = 0

  init(_ policy: PlannedPolicy, messages: Int) {
    self.policy = policy
    self.messages = messages
  }

  /// At list prices: what is free each day is not taken off.
  public func costPerMillion(_ prices: PriceBook) -> Money {
    messages == 0 ? .zero : prices.cost(of: operations).scaled(by: 1_000_000, over: Int64(messages))
  }

  /// A day of so many messages in the same proportions, what is free taken off.
  public func costOfDay(messages perDay: Int64, _ prices: PriceBook) -> Money {
    guard messages > 0 else { return .zero }
    func scaled(_ count: Int64) -> Int64 { Int64(clamping: Int128(count) * Int128(perDay) / Int128(messages)) }
    return prices.costOfDay(
      BilledOperations(
        reads: scaled(operations.reads), writes: scaled(operations.writes), deletes: scaled(operations.deletes)))
  }

  public func perThousand(_ count: Int64) -> Double { messages == 0 ? 0 : Double(count) * 1_000 / Double(messages) }

  public var reorderedPercent: Double { messages == 0 ? 0 : Double(reordered) * 100 / Double(messages) }
}
