import HeapModule

/// Deadlines of slots, earliest first: a heap of (instant, slot). An entry is a reminder, not the truth: its owner compares it with the slot when it
/// surfaces, skips a stale one and arms again if the slot's deadline has moved to later. So re-arming costs O(log n), and moving a deadline
/// to later costs nothing.
@usableFromInline
struct DeadlineQueue: Sendable {
  @usableFromInline
  struct Entry: Comparable, Sendable {
    let at: Instant
    @usableFromInline let slot: SlotID

    @usableFromInline
    static func < (a: Entry, b: Entry) -> Bool { a.at < b.at }
  }

  private var heap = Heap<Entry>()

  @usableFromInline
  var count: Int { heap.count }
  var first: Entry? { heap.min }

  @usableFromInline
  mutating func arm(_ slot: SlotID, at instant: Instant) {
    if instant != .never { heap.insert(Entry(at: instant, slot: slot)) }
  }

  /// The slot with the earliest reminder, if that is not after `now`.
  @usableFromInline
  mutating func pop(notAfter now: Instant) -> SlotID? {
    guard let first = heap.min, first.at <= now else { return nil }
    return heap.popMin()?.slot
  }

  mutating func popFirst() { _ = heap.popMin() }

  /// Keeps what `isCurrent` says: called when stale entries outnumber the slots, so that the heap stays bounded.
  mutating func compact(_ isCurrent: (Entry) -> Bool) {
    heap = Heap(heap.unordered.filter(isCurrent))
  }
}
