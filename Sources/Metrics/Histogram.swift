import Synchronization

/// How often values of which size occurred: fixed exponential buckets, recorded without a lock.
///
/// Recording is three relaxed additions. A reader may see a value in a bucket before it sees it in the sum; it never sees one twice.
public final class Histogram: Sendable {
  /// What a recorded integer is, and how it is shown.
  public enum Unit: Sendable {
    /// Recorded in nanoseconds, shown in seconds.
    case seconds
    /// Recorded and shown as it is: bytes, entries, recipients.
    case count
  }

  public let unit: Unit
  private let buckets = AtomicCounts(HistogramScale.bucketCount)
  private let total = Atomic<UInt64>(0)

  public init(unit: Unit = .seconds) {
    self.unit = unit
  }

  public func record(_ value: UInt64) {
    buckets.add(1, at: HistogramScale.bucket(of: value))
    total.wrappingAdd(value, ordering: .relaxed)
  }

  /// Records a duration; for histograms of unit `.seconds`.
  public func recordNanoseconds(_ nanoseconds: UInt64) { record(nanoseconds) }

  public func record(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return record(0) }
    record(UInt64(seconds) &* 1_000_000_000 &+ UInt64(attoseconds) / 1_000_000_000)
  }

  /// The buckets as they are now.
  public func snapshot() -> HistogramSnapshot {
    HistogramSnapshot(counts: buckets.values(), sum: total.load(ordering: .relaxed))
  }

  /// An estimate of the value below which the share `q` (0 to 1) of all recorded ones lies, in the recorded unit; nil when there are none.
  public func quantile(_ q: Double) -> UInt64? { snapshot().quantile(q) }
}
