import ChatDomain
import DequeModule

/// Collects items by correlation key and says when each key's aggregate is complete: Enterprise Integration Patterns' Aggregator as a value.
///
/// It does nothing by itself. Events come in with the time; `nextDue` hands out what is complete, and `wakeAt` says when to ask again. An
/// aggregate gets its number when it is handed out, and is frozen from then on: after `failed` the same items come again under the
/// same number. While one is under way the next one of that key keeps filling. Keys are slots: the caller maps its own keys to them and passes
/// the window policy with each item, because the policy depends on who looks at what.
public struct Aggregator<Item: AggregatorItem> {
  @usableFromInline var slots: ContiguousArray<AggregatorSlot<Item>> = []
  /// By the same index as the slots.
  @usableFromInline var shelves: ContiguousArray<AggregatorShelf<Item>> = []
  @usableFromInline var vacant: ContiguousArray<UInt32> = []
  /// Slots that are due now, in the order in which they became so.
  @usableFromInline var ready: Deque<SlotID> = []
  @usableFromInline var deadlines = DeadlineQueue()
  @usableFromInline let limits: AggregatorLimits

  public init(limits: AggregatorLimits = AggregatorLimits()) {
    self.limits = limits
  }

  /// Keys that are open.
  @inlinable
  public var openCount: Int { slots.count - vacant.count }

  /// Starts a correlation key.
  public mutating func open() -> SlotID {
    let index: UInt32
    if let reused = vacant.popLast() {
      index = reused
    } else {
      index = UInt32(slots.count)
      slots.append(AggregatorSlot())
      shelves.append(AggregatorShelf())
    }
    slots[Int(index)].isOpen = true
    return SlotID(index: index, generation: slots[Int(index)].generation)
  }

  /// Forgets a key with all that it holds; whatever comes for it later is ignored.
  public mutating func close(_ slot: SlotID) {
    guard isOpen(slot) else { return }
    slots[Int(slot.index)].clear()
    shelves[Int(slot.index)] = AggregatorShelf()
    vacant.append(slot.index)
    compactIfStale()
  }

  /// Forgets what a key holds and starts it anew, from number 1.
  public mutating func restart(_ slot: SlotID) -> SlotID {
    guard isOpen(slot) else { return slot }
    let isHeld = slots[Int(slot.index)].isHeld
    slots[Int(slot.index)].clear()
    shelves[Int(slot.index)] = AggregatorShelf()
    slots[Int(slot.index)].isOpen = true
    slots[Int(slot.index)].isHeld = isHeld
    compactIfStale()
    return SlotID(index: slot.index, generation: slots[Int(slot.index)].generation)
  }

  /// Takes an item.
  /// - Parameter isDue: false if it makes nothing due by itself: it rides with the next that is, or goes when a limit of the policy is reached.
  /// - Returns: false if the key is closed, or so much waits already that the item was not taken.
  @inlinable
  public mutating func add(
    _ item: Item, to slot: SlotID, under policy: WindowPolicy, isDue: Bool = true, now: Instant
  ) -> Bool {
    guard isOpen(slot) else { return false }
    let index = Int(slot.index)
    guard let placement = slots[index].append(item, under: policy, isDue: isDue, limits: limits, now: now) else {
      return false
    }
    note(slot, placement)
    return true
  }

  /// Takes a receipt, which replaces the older one of its chat and reader. It never makes anything due.
  public mutating func absorb(_ receipt: ReadMark, into slot: SlotID) {
    guard isOpen(slot) else { return }
    let held = shelves[Int(slot.index)].receipts
    if let place = held.firstIndex(where: { $0.chat == receipt.chat && $0.user == receipt.user }) {
      if held[place].upTo < receipt.upTo { shelves[Int(slot.index)].receipts[place] = receipt }
    } else if held.count < limits.receipts {
      shelves[Int(slot.index)].receipts.append(receipt)
    }
  }

  /// What is waiting becomes due as if it arrived now under `policy`, if that is earlier: somebody began to look, or looks at something else.
  public mutating func attentionChanged(_ slot: SlotID, to policy: WindowPolicy, now: Instant) {
    guard isOpen(slot), !slots[Int(slot.index)].items.isEmpty else { return }
    let quiet = slots[Int(slot.index)].quiet
    slots[Int(slot.index)].meet(policy, now: now)
    slots[Int(slot.index)].quiet = min(quiet, slots[Int(slot.index)].quiet)
    schedule(slot, now: now)
  }

  /// What is waiting becomes due now: shutdown.
  public mutating func finish(_ slot: SlotID, now: Instant) {
    guard isOpen(slot) else { return }
    slots[Int(slot.index)].firm = now
    schedule(slot, now: now)
  }

  @inlinable @inline(__always)
  func isOpen(_ slot: SlotID) -> Bool {
    let index = Int(slot.index)
    return index < slots.count && slots[index].generation == slot.generation && slots[index].isOpen
  }
}

extension Aggregator: Sendable where Item: Sendable {}
