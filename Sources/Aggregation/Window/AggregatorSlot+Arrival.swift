extension AggregatorSlot {
  /// Where a slot's next deadline has to be noted.
  @usableFromInline
  enum Placement: Sendable {
    /// It is noted already, or there is none.
    case settled
    /// Among the slots that are due now.
    case ready
    /// In the deadline queue. A reminder for a later deadline need not move: it is put right when it surfaces.
    case armed(at: Instant)
  }

  /// To be called after every change of the deadlines; `due` is the slot's.
  @inlinable @inline(__always)
  mutating func place(_ due: Instant, now: Instant) -> Placement {
    if due <= now {
      if isQueued { return .settled }
      isQueued = true
      return .ready
    }
    guard due < armed else { return .settled }
    armed = due
    return .armed(at: due)
  }

  /// Takes an item and moves the deadlines; nil if there is no room for it.
  @inlinable @inline(__always)
  mutating func append(
    _ item: Item, under policy: WindowPolicy, isDue: Bool, limits: AggregatorLimits, now: Instant
  ) -> Placement? {
    let total = Int(bytes) + item.bytes
    guard items.isEmpty || (items.count < limits.messages && total <= limits.bytes) else { return nil }
    items.append(item)
    bytes = UInt32(clamping: total)
    if isDue { meet(policy, now: now) }
    // Also for what is not due for its own sake: otherwise it would collect without bound.
    if items.count >= policy.maxMessages || total >= policy.maxBytes { firm = min(firm, now) }
    return place(due, now: now)
  }

  /// Sets the deadlines for something that arrives now under `policy`.
  @inlinable @inline(__always)
  mutating func meet(_ policy: WindowPolicy, now: Instant) {
    if let spacing = policy.spacing { firm = min(firm, max(now, numberedAt + spacing)) }
    if let maxAge = policy.maxAge { firm = min(firm, now + maxAge) }
    if let idle = policy.idle { quiet = now + idle }
  }

  /// Numbers what waits and gives it away; from now on it is under way.
  @inlinable @inline(__always)
  mutating func number(now: Instant) -> (seq: UInt64, items: ContiguousArray<Item>) {
    var taken: ContiguousArray<Item> = []
    swap(&taken, &items)
    phase = .flying
    seq += 1
    numberedAt = now
    bytes = 0
    firm = .never
    quiet = .never
    return (seq, taken)
  }

  /// What was under way has arrived, if it has that number; nil if it has not.
  @inlinable @inline(__always)
  mutating func land(_ arrived: UInt64, now: Instant) -> Placement? {
    guard seq == arrived, phase == .flying else { return nil }
    phase = .free
    return place(due, now: now)
  }
}
