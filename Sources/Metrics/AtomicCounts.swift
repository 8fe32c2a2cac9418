import Synchronization

/// A fixed row of counters in one allocation.
///
/// `@unchecked`, because the pointer is set once and everything behind it is atomic.
final class AtomicCounts: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Atomic<UInt64>>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    base = .allocate(capacity: count)
    for index in 0..<count { (base + index).initialize(to: Atomic(0)) }
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  func add(_ amount: UInt64, at index: Int) {
    precondition(index < count)
    base[index].wrappingAdd(amount, ordering: .relaxed)
  }

  func values() -> [UInt64] {
    (0..<count).map { base[$0].load(ordering: .relaxed) }
  }
}
