/// A histogram's counts at one moment; snapshots of several histograms can be added up.
public struct HistogramSnapshot: Sendable, Equatable {
  private(set) var counts: [UInt64]
  /// The sum of all recorded values.
  public private(set) var sum: UInt64

  init(counts: [UInt64], sum: UInt64) {
    self.counts = counts
    self.sum = sum
  }

  /// How many values were recorded.
  public var count: UInt64 { counts.reduce(0, &+) }

  /// The average of what was recorded; nil when there is nothing.
  public var mean: Double? {
    let count = count
    return count == 0 ? nil : Double(sum) / Double(count)
  }

  public mutating func add(_ other: HistogramSnapshot) {
    for index in counts.indices { counts[index] &+= other.counts[index] }
    sum &+= other.sum
  }

  /// How many values were below `bound`, exact where `bound` is a power of two.
  func count(below bound: UInt64) -> UInt64 {
    counts[..<HistogramScale.bucket(of: bound)].reduce(0, &+)
  }

  /// See `Histogram.quantile`; off by at most a quarter of the value, and by an eighth on average.
  public func quantile(_ q: Double) -> UInt64? {
    let count = count
    guard count > 0 else { return nil }
    let rank = max(1, (min(max(q, 0), 1) * Double(count)).rounded(.up))
    var seen: UInt64 = 0
    for (bucket, inside) in counts.enumerated() where inside > 0 {
      if Double(seen + inside) >= rank {
        let low = HistogramScale.lowerBound(of: bucket)
        let width = bucket + 1 < counts.count ? HistogramScale.lowerBound(of: bucket + 1) - low : 0
        // The middle of the part of the bucket that the rank falls into.
        let share = (rank - Double(seen) - 0.5) / Double(inside)
        return low + UInt64(share * Double(width))
      }
      seen += inside
    }
    return nil
  }
}
