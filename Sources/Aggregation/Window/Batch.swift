import ChatDomain

/// An aggregate as the `Aggregator` hands it out: numbered, and frozen from then on.
@frozen
public struct Batch<Item: AggregatorItem> {
  public let slot: SlotID
  /// Contiguous from 1 within the slot's generation.
  public let seq: UInt64
  /// Grouped; groups by first arrival, within a group in order of arrival.
  public let items: ContiguousArray<Item>
  /// The latest receipt of each chat and reader.
  public let receipts: [ReadMark]
  /// Handed out before, and not published then.
  public let isRetry: Bool

  @inlinable
  init(slot: SlotID, seq: UInt64, items: ContiguousArray<Item>, receipts: [ReadMark], isRetry: Bool) {
    self.slot = slot
    self.seq = seq
    self.items = items
    self.receipts = receipts
    self.isRetry = isRetry
  }

  /// Brings items of one group together without changing the order within any.
  @inlinable
  static func grouped(_ items: ContiguousArray<Item>) -> ContiguousArray<Item> {
    guard items.count > 1, let first = items.first else { return items }
    guard items.contains(where: { $0.group != first.group }) else { return items }
    var ranks: [Item.Group: Int] = [:]
    var buckets: [ContiguousArray<Item>] = []
    for item in items {
      if let rank = ranks[item.group] {
        buckets[rank].append(item)
      } else {
        ranks[item.group] = buckets.count
        buckets.append([item])
      }
    }
    return ContiguousArray(buckets.joined())
  }
}

extension Batch: Sendable where Item: Sendable {}
