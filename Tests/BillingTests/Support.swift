import Billing
import ChatDomain

/// A small deterministic generator, so that a seed names a run.
struct Dice {
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

extension Identifier {
  static func number(_ number: Int) -> Identifier { Identifier(UUIDBits(high: 0x4000, low: UInt64(number))) }
}

extension Timestamp {
  /// A moment in UTC.
  static func utc(_ date: String, _ hour: Int = 0, _ minute: Int = 0, _ second: Int = 0, ms: Int = 0) -> Timestamp {
    let day = CivilDate(date)?.daysSince1970 ?? 0
    return Timestamp(milliseconds: Int64((((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + ms))
  }

  static func + (moment: Timestamp, milliseconds: Int) -> Timestamp {
    Timestamp(milliseconds: moment.milliseconds + Int64(milliseconds))
  }
}

extension BilledOperations {
  init(_ reads: Int64, _ writes: Int64, _ deletes: Int64 = 0) {
    self.init(reads: reads, writes: writes, deletes: deletes)
  }
}

extension Money {
  static func dollars(_ text: String) -> Money { Money(text) ?? Money(nanodollars: -1) }
}
