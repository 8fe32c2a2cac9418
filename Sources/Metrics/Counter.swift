// Metrics: what the process counts, and its text for Prometheus. Lock-free where requests pass; locked only at start and when scraped.
// May import: the standard library, Synchronization, the platform's C library.

import Synchronization

/// A number that only grows.
public final class Counter: Sendable {
  private let count = Atomic<UInt64>(0)

  public init() {}

  public func add(_ amount: UInt64 = 1) {
    count.wrappingAdd(amount, ordering: .relaxed)
  }

  public var value: UInt64 { count.load(ordering: .relaxed) }
}
