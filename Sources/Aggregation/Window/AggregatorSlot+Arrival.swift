extension AggregatorSlot {
  /// Takes an item and moves the deadlines; false if there is no room for it.
  @inlinable
  mutating func append(
    _ item: Item, under policy: WindowPolicy, isDue: Bool, limits: AggregatorLimits, now: Instant
  ) -> Bool {
    let size = item.bytes
    guard items.isEmpty || (items.count < limits.messages && bytes + size <= limits.bytes) else { return false }
    items.append(item)
    bytes += size
    if isDue { meet(policy, now: now) }
    // Also for what is not due for its own sake: otherwise it would collect without bound.
    if items.count >= policy.maxMessages || bytes >= policy.maxBytes { firm = min(firm, now) }
    return true
  }

  /// Sets the deadlines for something that arrives now under `policy`.
  @inlinable
  mutating func meet(_ policy: WindowPolicy, now: Instant) {
    if let spacing = policy.spacing { firm = min(firm, max(now, numberedAt + spacing)) }
    if let maxAge = policy.maxAge { firm = min(firm, now + maxAge) }
    if let idle = policy.idle { quiet = now + idle }
  }

  /// Numbers what has collected: from here on it does not change.
  @inlinable
  mutating func freeze(now: Instant) {
    seq += 1
    numberedAt = now
    frozenItems = Batch.grouped(items)
    frozenReceipts = receipts
    items = []
    receipts = []
    bytes = 0
    firm = .never
    quiet = .never
  }

  @inlinable
  func frozen(as slot: SlotID, isRetry: Bool) -> Batch<Item> {
    Batch(slot: slot, seq: seq, items: frozenItems, receipts: frozenReceipts, isRetry: isRetry)
  }

  @inlinable
  mutating func thaw() {
    frozenItems = []
    frozenReceipts = []
    phase = .free
  }
}
