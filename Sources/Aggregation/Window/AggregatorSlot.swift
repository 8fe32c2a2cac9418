import ChatDomain

/// What an `Aggregator` touches with every message of a correlation key: 64 bytes, because with many keys the time goes into memory.
@usableFromInline
struct AggregatorSlot<Item: AggregatorItem> {
  /// What a slot is doing with the aggregate that it has numbered last.
  @usableFromInline
  enum Phase: UInt8, Sendable {
    /// Nothing is under way: what is due may go.
    case free
    /// Handed out, no answer yet.
    case flying
    /// It failed, and goes again at the shelf's `retryAt`.
    case retrying
  }

  @usableFromInline var generation: UInt32 = 0
  /// Of what waits; `AggregatorLimits.bytes` keeps it small.
  @usableFromInline var bytes: UInt32 = 0
  @usableFromInline var isOpen = false
  /// Already in the queue of slots that are due now.
  @usableFromInline var isQueued = false
  /// The channel is not ready for this key.
  @usableFromInline var isHeld = false
  @usableFromInline var phase = Phase.free
  /// Number of the last aggregate.
  @usableFromInline var seq: UInt64 = 0
  /// Earliest deadline that further messages cannot move to later.
  @usableFromInline var firm = Instant.never
  /// Deadline of the inactivity window.
  @usableFromInline var quiet = Instant.never
  /// The earliest reminder in the deadline queue; `never` if there is none.
  @usableFromInline var armed = Instant.never
  /// When the last aggregate was numbered.
  @usableFromInline var numberedAt = Instant.distantPast
  /// What waits.
  @usableFromInline var items: ContiguousArray<Item> = []

  @inlinable
  init() {}

  /// When what waits is due; `never` while it may not go.
  @inlinable @inline(__always)
  var due: Instant {
    phase != .free || isHeld || items.isEmpty ? .never : min(firm, quiet)
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
