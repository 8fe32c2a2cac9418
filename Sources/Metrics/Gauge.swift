import Synchronization

/// A number that goes up and down.
public final class Gauge: Sendable {
  private let current = Atomic<Int>(0)

  public init() {}

  public func set(_ value: Int) { current.store(value, ordering: .relaxed) }

  /// Adds `amount`, which may be negative.
  public func add(_ amount: Int) { current.wrappingAdd(amount, ordering: .relaxed) }

  public var value: Int { current.load(ordering: .relaxed) }
}
