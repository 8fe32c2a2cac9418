import ChatDomain
import DequeModule

extension Aggregator {
  /// The next aggregate that is complete, numbered by this call; nil when none is. It stays under way until `published` or `failed`.
  @inlinable
  public mutating func nextDue(now: Instant) -> Batch<Item>? {
    guard let slot = nextSlot(now: now) else { return nil }
    if slots[Int(slot.index)].phase == .free { return freeze(slot, now: now) }
    slots[Int(slot.index)].phase = .flying
    return Batch(
      slot: slot, seq: slots[Int(slot.index)].seq, items: shelves[Int(slot.index)].frozenItems,
      receipts: shelves[Int(slot.index)].frozenReceipts, isRetry: true)
  }

  /// Takes the next slot that is due from where it is noted.
  @inlinable
  mutating func nextSlot(now: Instant) -> SlotID? {
    while let slot = ready.popFirst() {
      guard isOpen(slot) else { continue }
      slots[Int(slot.index)].isQueued = false
      if due(slot) <= now { return slot }
      schedule(slot, now: now)
    }
    while let slot = deadlines.pop(notAfter: now) {
      guard isOpen(slot) else { continue }
      slots[Int(slot.index)].armed = .never
      if due(slot) <= now { return slot }
      schedule(slot, now: now)
    }
    return nil
  }

  /// When `nextDue` must be asked again; nil if only an event can make something due.
  public mutating func wakeAt() -> Instant? {
    while let slot = ready.first {
      if isOpen(slot) { return .distantPast }
      ready.removeFirst()
    }
    while let first = deadlines.first {
      if isOpen(first.slot), slots[Int(first.slot.index)].armed == first.at {
        let due = due(first.slot)
        if due == first.at { return first.at }
        slots[Int(first.slot.index)].armed = .never
        deadlines.popFirst()
        if due != .never {
          slots[Int(first.slot.index)].armed = due
          deadlines.arm(first.slot, at: due)
        }
      } else {
        deadlines.popFirst()
      }
    }
    return nil
  }

  /// Number of the key's last aggregate; 0 before the first.
  @inlinable
  public func seq(of slot: SlotID) -> UInt64 {
    isOpen(slot) ? slots[Int(slot.index)].seq : 0
  }

  /// Items that wait to be numbered.
  public func waiting(in slot: SlotID) -> ContiguousArray<Item> {
    isOpen(slot) ? slots[Int(slot.index)].items : []
  }

  /// The aggregate under way has arrived.
  /// - Returns: false for one that is not under way: late news of an earlier attempt or of a closed key.
  @inlinable @discardableResult
  public mutating func published(_ slot: SlotID, seq: UInt64, now: Instant) -> Bool {
    guard isOpen(slot), let placement = slots[Int(slot.index)].land(seq, now: now) else { return false }
    shelves[Int(slot.index)].clear()
    note(slot, placement)
    return true
  }

  /// The aggregate under way did not arrive: the same comes again at `retryAt`.
  @discardableResult
  public mutating func failed(_ slot: SlotID, seq: UInt64, retryAt: Instant, now: Instant) -> Bool {
    guard isOpen(slot), slots[Int(slot.index)].seq == seq, slots[Int(slot.index)].phase == .flying else { return false }
    slots[Int(slot.index)].phase = .retrying
    shelves[Int(slot.index)].retryAt = retryAt
    schedule(slot, now: now)
    return true
  }

  /// The channel is not ready for this key: nothing is handed out, all collects.
  public mutating func hold(_ slot: SlotID) {
    if isOpen(slot) { slots[Int(slot.index)].isHeld = true }
  }

  /// The channel is ready again.
  public mutating func release(_ slot: SlotID, now: Instant) {
    guard isOpen(slot) else { return }
    slots[Int(slot.index)].isHeld = false
    schedule(slot, now: now)
  }

  /// Numbers what waits, due or not, held or not, and counts it as published: for a channel that only remembers it. nil if nothing waits or one
  /// is under way.
  public mutating func take(_ slot: SlotID, now: Instant) -> Batch<Item>? {
    guard isOpen(slot), slots[Int(slot.index)].phase == .free, !slots[Int(slot.index)].items.isEmpty else { return nil }
    let batch = freeze(slot, now: now)
    slots[Int(slot.index)].phase = .free
    shelves[Int(slot.index)].clear()
    return batch
  }
}

// MARK: - Scheduling

extension Aggregator {
  /// When the slot next has something to hand out.
  @inlinable @inline(__always)
  func due(_ slot: SlotID) -> Instant {
    slots[Int(slot.index)].phase == .retrying ? shelves[Int(slot.index)].retryAt : slots[Int(slot.index)].due
  }

  /// Numbers what waits: from here on it does not change.
  @inlinable @inline(__always)
  mutating func freeze(_ slot: SlotID, now: Instant) -> Batch<Item> {
    let (seq, taken) = slots[Int(slot.index)].number(now: now)
    let items = Batch.grouped(taken)
    let receipts = shelves[Int(slot.index)].keep(items)
    return Batch(slot: slot, seq: seq, items: items, receipts: receipts, isRetry: false)
  }

  /// Notes the slot's deadline where it belongs.
  @inlinable @inline(__always)
  mutating func schedule(_ slot: SlotID, now: Instant) {
    note(slot, slots[Int(slot.index)].place(due(slot), now: now))
  }

  @inlinable @inline(__always)
  mutating func note(_ slot: SlotID, _ placement: AggregatorSlot<Item>.Placement) {
    switch placement {
    case .settled: break
    case .ready: ready.append(slot)
    case .armed(let instant):
      deadlines.arm(slot, at: instant)
      if deadlines.count > 2 * openCount + 64 { compactIfStale() }
    }
  }

  @usableFromInline
  mutating func compactIfStale() {
    let slots = slots
    if ready.count > 2 * openCount + 64 {
      ready.removeAll { slots[Int($0.index)].generation != $0.generation || !slots[Int($0.index)].isOpen }
    }
    guard deadlines.count > 2 * openCount + 64 else { return }
    deadlines.compact { entry in
      let slot = slots[Int(entry.slot.index)]
      return slot.isOpen && slot.generation == entry.slot.generation && slot.armed == entry.at
    }
  }
}
