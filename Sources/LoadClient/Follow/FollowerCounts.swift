/// What a follower has seen.
public struct FollowerCounts: Sendable, Hashable {
  /// Messages that came in news in sequence.
  public var pushed = 0
  /// Of them those that had come in news before: an aggregate that was delivered twice.
  public var pushedTwice = 0
  /// Of them those with an id below one that came before, in the same chat and run.
  public var outOfOrder = 0
  /// Messages that came by a page first.
  public var fetched = 0
  /// Breaks of the news, the first opening among them.
  public var runs = 0
  /// Aggregates that were missing in the sequence.
  public var gaps = 0
  /// Catch-up reads.
  public var reads = 0

  public init() {}

  public static func + (a: FollowerCounts, b: FollowerCounts) -> FollowerCounts {
    var sum = a
    sum.pushed += b.pushed
    sum.pushedTwice += b.pushedTwice
    sum.outOfOrder += b.outOfOrder
    sum.fetched += b.fetched
    sum.runs += b.runs
    sum.gaps += b.gaps
    sum.reads += b.reads
    return sum
  }
}
