/// Measured times, kept one by one: exact percentiles.
public struct Latencies: Sendable {
  /// Nanoseconds.
  private var values: [UInt64] = []
  private var isSorted = true

  public init() {}

  public var count: Int { values.count }

  public mutating func record(_ nanoseconds: UInt64) {
    values.append(nanoseconds)
    isSorted = false
  }

  public mutating func add(_ other: Latencies) {
    values += other.values
    isSorted = false
  }

  /// The smallest recorded time that the share `q` (0 to 1) of all does not exceed, in milliseconds; 0 when there are none.
  public mutating func milliseconds(_ q: Double) -> Double {
    guard !values.isEmpty else { return 0 }
    if !isSorted {
      values.sort()
      isSorted = true
    }
    let rank = Int((min(max(q, 0), 1) * Double(values.count)).rounded(.up))
    return Double(values[min(max(rank, 1), values.count) - 1]) / 1e6
  }
}
