/// How long messages were held back, in milliseconds.
public struct Delays: Hashable, Sendable {
  /// Most messages are not held back at all.
  private var zeros = 0
  private var values: [Int32] = []

  public init() {}

  public var count: Int { zeros + values.count }

  mutating func add(_ milliseconds: Int64) {
    if milliseconds <= 0 { zeros += 1 } else { values.append(Int32(clamping: milliseconds)) }
  }

  /// 0 if there are none.
  public var meanMilliseconds: Double {
    count == 0 ? 0 : Double(values.reduce(Int64(0)) { $0 + Int64($1) }) / Double(count)
  }

  public var maxMilliseconds: Int { Int(values.max() ?? 0) }

  /// The least delay that so many percent of the messages do not exceed; 0 if there are none.
  public func percentileMilliseconds(_ percent: Int) -> Int {
    let rank = max(1, (count * percent + 99) / 100)
    guard rank > zeros else { return 0 }
    // Delays are mostly few different numbers: counting beats sorting.
    var counts: [Int32: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    var below = zeros
    for value in counts.keys.sorted() {
      below += counts[value] ?? 0
      if below >= rank { return Int(value) }
    }
    return maxMilliseconds
  }
}
