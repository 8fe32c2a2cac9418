/// How much of what was published is remembered for a recipient.
public struct RingLimits: Hashable, Sendable {
  public var aggregates: Int
  /// Bytes of JSON, about; a single aggregate is always remembered.
  public var bytes: Int

  public init(aggregates: Int = 64, bytes: Int = 64 * 1_024) {
    self.aggregates = max(1, aggregates)
    self.bytes = bytes
  }
}
