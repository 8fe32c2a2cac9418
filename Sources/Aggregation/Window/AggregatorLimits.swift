/// The bounds of what an `Aggregator` holds for one key, whatever its policy and however long a publication takes.
public struct AggregatorLimits: Hashable, Sendable {
  /// Messages that wait to be published.
  public var messages: Int
  /// Bytes that wait to be published; a single message is always taken.
  public var bytes: Int
  /// Receipts that wait for a ride; further ones are dropped, for they are hints.
  public var receipts: Int

  public init(messages: Int = 512, bytes: Int = 128 * 1_024, receipts: Int = 64) {
    self.messages = messages
    self.bytes = bytes
    self.receipts = receipts
  }
}
