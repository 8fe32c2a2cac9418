import ChatDomain

/// What an `Aggregator` keeps for one correlation key.
@usableFromInline
struct AggregatorSlot<Item: AggregatorItem> {
  /// What a slot is doing with the aggregate that it has numbered last.
  @usableFromInline
  enum Phase {
    /// Nothing is under way: what is due may go.
    case free
    /// Handed out, no answer yet.
    case flying
    /// It failed, and goes again at that instant.
    case retrying(at: Instant)
  }

  @usableFromInline var generation: UInt32 = 0
  @usableFromInline var isOpen = false
  /// Already in the queue of slots that are due now.
  @usableFromInline var isQueued = false
  /// The channel is not ready for this key.
  @usableFromInline var isHeld = false
  @usableFromInline var phase = Phase.free
  @usableFromInline var seq: UInt64 = 0
  @usableFromInline var bytes = 0
  /// Earliest deadline that further messages cannot move to later.
  @usableFromInline var firm = Instant.never
  /// Deadline of the inactivity window.
  @usableFromInline var quiet = Instant.never
  /// The earliest reminder in the deadline queue; `never` if there is none.
  @usableFromInline var armed = Instant.never
  /// When the last aggregate was numbered.
  @usableFromInline var numberedAt = Instant.distantPast
  @usableFromInline var items: ContiguousArray<Item> = []
  @usableFromInline var receipts: [ReadMark] = []
  /// Numbered and not yet published.
  @usableFromInline var frozenItems: ContiguousArray<Item> = []
  @usableFromInline var frozenReceipts: [ReadMark] = []

  @inlinable
  init() {}

  /// When this slot next has something to hand out; `never` while it may not.
  @inlinable
  var due: Instant {
    switch phase {
    case .flying: .never
    case .retrying(let at): at
    case .free: isHeld || items.isEmpty ? .never : min(firm, quiet)
    }
  }

  /// Forgets all but the generation.
  @inlinable
  mutating func clear() {
    let next = generation &+ 1
    self = AggregatorSlot()
    generation = next
  }
}

extension AggregatorSlot: Sendable where Item: Sendable {}
extension AggregatorSlot.Phase: Sendable {}
