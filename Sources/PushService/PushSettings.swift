import Aggregation

/// How the push role runs.
public struct PushSettings: Sendable {
  /// The recipients are divided among so many shards.
  public var shards = 2
  /// Deliveries that wait for one shard, counted by recipients. Above it they are dropped, and the epochs of their recipients end.
  public var inboxRecipients = 100_000
  /// Recipients whose loss is remembered one by one; above it the epochs of the whole shard end.
  public var rememberedDrops = 10_000
  /// Deliveries, counted by recipients, that a shard takes before it lets others use its thread.
  public var turn = 5_000

  public init() {}
}
