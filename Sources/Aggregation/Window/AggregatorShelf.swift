import ChatDomain

/// What an `Aggregator` touches only when an aggregate of the key is numbered or answered: beside the slot, to keep that small.
@usableFromInline
struct AggregatorShelf<Item: AggregatorItem> {
  /// Receipts that wait for a ride.
  @usableFromInline var receipts: [ReadMark] = []
  /// Numbered and not yet published.
  @usableFromInline var frozenItems: ContiguousArray<Item> = []
  @usableFromInline var frozenReceipts: [ReadMark] = []
  /// When the frozen aggregate goes again, while its slot is retrying.
  @usableFromInline var retryAt = Instant.never

  @inlinable
  init() {}

  /// Keeps a numbered aggregate until it is published, with the receipts that ride in it.
  @inlinable @inline(__always)
  mutating func keep(_ items: ContiguousArray<Item>) -> [ReadMark] {
    frozenItems = items
    if receipts.isEmpty { return [] }
    swap(&frozenReceipts, &receipts)
    receipts = []
    return frozenReceipts
  }

  /// It is published.
  @inlinable @inline(__always)
  mutating func clear() {
    frozenItems = []
    if !frozenReceipts.isEmpty { frozenReceipts = [] }
  }
}

extension AggregatorShelf: Sendable where Item: Sendable {}
