import Synchronization

/// A wall clock that tests set, in microseconds since 1970.
public final class SteppingClock: Sendable {
  private let current: Atomic<Int64>

  public init(_ microseconds: Int64 = 1_800_000_000_000_000) { current = Atomic(microseconds) }

  public var now: Int64 { current.load(ordering: .relaxed) }

  public func advance(by microseconds: Int64) { current.wrappingAdd(microseconds, ordering: .relaxed) }
}
