import DequeModule

extension Aggregator {
  /// The next aggregate that is complete, numbered by this call; nil when none is. It stays under way until `published` or `failed`.
  @inlinable
  public mutating func nextDue(now: Instant) -> Batch<Item>? {
    while let slot = ready.popFirst() {
      guard isOpen(slot) else { continue }
      slots[Int(slot.index)].isQueued = false
      if let batch = handOut(slot, now: now) { return batch }
      schedule(slot, now: now)
    }
    while let slot = deadlines.pop(notAfter: now) {
      guard isOpen(slot) else { continue }
      slots[Int(slot.index)].armed = .never
      if let batch = handOut(slot, now: now) { return batch }
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
        let due = slots[Int(first.slot.index)].due
        if due == first.at { return first.at }
        slots[Int(first.slot.index)].armed = .never
        deadlines.popFirst()
        rearm(first.slot, at: due)
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
    guard isFlying(slot, seq: seq) else { return false }
    slots[Int(slot.index)].thaw()
    schedule(slot, now: now)
    return true
  }

  /// The aggregate under way did not arrive: the same comes again at `retryAt`.
  @discardableResult
  public mutating func failed(_ slot: SlotID, seq: UInt64, retryAt: Instant, now: Instant) -> Bool {
    guard isFlying(slot, seq: seq) else { return false }
    slots[Int(slot.index)].phase = .retrying(at: retryAt)
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
    guard isOpen(slot), case .free = slots[Int(slot.index)].phase, !slots[Int(slot.index)].items.isEmpty else {
      return nil
    }
    slots[Int(slot.index)].freeze(now: now)
    let batch = slots[Int(slot.index)].frozen(as: slot, isRetry: false)
    slots[Int(slot.index)].thaw()
    return batch
  }
}

// MARK: - Scheduling

extension Aggregator {
  /// Hands out the slot's aggregate if it is due.
  @inlinable
  mutating func handOut(_ slot: SlotID, now: Instant) -> Batch<Item>? {
    guard slots[Int(slot.index)].due <= now else { return nil }
    var isRetry = true
    if case .free = slots[Int(slot.index)].phase {
      isRetry = false
      slots[Int(slot.index)].freeze(now: now)
    }
    slots[Int(slot.index)].phase = .flying
    return slots[Int(slot.index)].frozen(as: slot, isRetry: isRetry)
  }

  /// Puts the slot where its deadline belongs: among those due now, or into the deadline queue.
  @inlinable
  mutating func schedule(_ slot: SlotID, now: Instant) {
    let due = slots[Int(slot.index)].due
    if due <= now {
      guard !slots[Int(slot.index)].isQueued else { return }
      slots[Int(slot.index)].isQueued = true
      ready.append(slot)
    } else {
      rearm(slot, at: due)
    }
  }

  /// A reminder for a later deadline need not move: it is put right when it surfaces.
  @inlinable
  mutating func rearm(_ slot: SlotID, at due: Instant) {
    guard due < slots[Int(slot.index)].armed else { return }
    slots[Int(slot.index)].armed = due
    deadlines.arm(slot, at: due)
    compactIfStale()
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

  @inlinable
  func isFlying(_ slot: SlotID, seq: UInt64) -> Bool {
    guard isOpen(slot), slots[Int(slot.index)].seq == seq, case .flying = slots[Int(slot.index)].phase else {
      return false
    }
    return true
  }
}
