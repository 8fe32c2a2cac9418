import Aggregation
import ChatDomain

/// A small deterministic generator, so that a seed names a run.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func below(_ bound: Int) -> Int { Int(next() >> 16) % bound }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
}

/// An item of the aggregator's own tests.
struct Note: AggregatorItem, Hashable, Sendable {
  let group: Int
  let number: Int
  var bytes = 100

  init(_ number: Int, in group: Int = 0, bytes: Int = 100) {
    self.number = number
    self.group = group
    self.bytes = bytes
  }
}

extension Instant: ExpressibleByIntegerLiteral {
  /// Seconds.
  public init(integerLiteral value: Int) { self = Instant.seconds(Double(value)) }

  static func seconds(_ count: Double) -> Instant { Instant(nanoseconds: Int64(count * 1e9)) }
}

extension Aggregator where Item == Note {
  /// Numbers of the notes in everything that is due now; each aggregate counts as published at once.
  mutating func flush(_ now: Instant) -> [[Int]] {
    var flushed: [[Int]] = []
    while let batch = nextDue(now: now) {
      flushed.append(batch.items.map(\.number))
      published(batch.slot, seq: batch.seq, now: now)
    }
    return flushed
  }
}

extension Identifier {
  static func number(_ number: Int) -> Identifier { Identifier(UUIDBits(high: 0x4000, low: UInt64(number))) }
}

func message(
  _ number: Int, in chat: Int = 1, from sender: Int = 9, device: Int? = nil, text: String = "hello"
) -> NewsItem {
  NewsItem(
    message: Message(
      id: TimeUUID(ticks: UInt64(number), tail: 0), chat: .number(chat), sender: .number(sender), text: text),
    senderDevice: device.map { .number($0) })
}

extension NewsItem {
  var number: Int { Int(message.id.ticks) }
}
