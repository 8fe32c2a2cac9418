import Aggregation
import ChatDomain
import Metrics

/// How fast the aggregator is and what an open key costs. Wired into an executable by whoever runs it; build for release.
public enum AggregatorBench {
  /// The least an item can be: shared by all recipients of a message, so a key holds a reference.
  private struct Item: AggregatorItem {
    let news: NewsItem
    var group: ChatID { news.message.chat }
    var bytes: Int { news.bytes }
  }

  public struct Figures: Sendable {
    /// Messages taken in and published, for each second of processor time: on one core, whoever else uses it.
    public var messagesPerSecond: Double
    /// Aggregates that they were published in.
    public var aggregates: Int
    /// Resident memory of one open key that holds one message, in bytes.
    public var bytesPerOpenKey: Double
  }

  /// - Parameters:
  ///   - keys: open correlation keys.
  ///   - messages: spread over the keys at random.
  ///   - policy: its window passes in virtual time.
  ///   - arrivals: messages a second of virtual time: the more, the more of them share an aggregate.
  public static func run(
    keys: Int = 100_000, messages: Int = 10_000_000, policy: WindowPolicy, arrivals: Int = 2_000_000
  ) -> Figures {
    let item = Item(
      news: NewsItem(
        message: Message(
          id: TimeUUID(ticks: 1, tail: 0), chat: ChatID(UUIDBits(high: 1, low: 1)),
          sender: UserID(UUIDBits(high: 1, low: 2)), text: "hello")))
    let before = ProcessMetrics.residentBytes ?? 0
    var aggregator = Aggregator<Item>()
    let slots = (0..<keys).map { _ in aggregator.open() }
    for slot in slots { _ = aggregator.add(item, to: slot, under: .fixed(.seconds(3)), now: Instant(nanoseconds: 0)) }
    let perKey = Double((ProcessMetrics.residentBytes ?? 0) - before) / Double(keys)

    var random: UInt64 = 0x9E37_79B9_7F4A_7C15
    var now = Instant(nanoseconds: 0)
    var aggregates = 0
    let start = ProcessMetrics.processorSeconds ?? 0
    for _ in 0..<messages {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      now = now + TimeSpan(nanoseconds: Int64(1_000_000_000 / arrivals))
      while let batch = aggregator.nextDue(now: now) {
        aggregates += 1
        aggregator.published(batch.slot, seq: batch.seq, now: now)
      }
      _ = aggregator.add(item, to: slots[Int(random % UInt64(keys))], under: policy, now: now)
    }
    let seconds = (ProcessMetrics.processorSeconds ?? 0) - start
    return Figures(messagesPerSecond: Double(messages) / seconds, aggregates: aggregates, bytesPerOpenKey: perKey)
  }
}
