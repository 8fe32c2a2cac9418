/// Names one open correlation key of an `Aggregator`. Dense, so that a caller can keep what belongs to a key in an array; with a generation, so that what
/// comes late for a key that was closed finds nobody.
@frozen
public struct SlotID: Hashable, Sendable {
  /// Small numbers, reused after a close.
  public let index: UInt32
  public let generation: UInt32

  @inlinable
  init(index: UInt32, generation: UInt32) {
    self.index = index
    self.generation = generation
  }
}
