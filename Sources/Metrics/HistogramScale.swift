/// How exact numbers fall into buckets: every power of two is cut into four, so a bucket is at most a quarter as wide as its lower bound.
///
/// Values 0 to 3 have a bucket each; above, bucket `4e + s` (e ≥ 1) holds `(4 + s) · 2^(e-1) ..< (5 + s) · 2^(e-1)`.
enum HistogramScale {
  static let bucketCount = 4 * 63

  @inline(__always)
  static func bucket(of value: UInt64) -> Int {
    if value < 4 { return Int(value) }
    let power = 63 - value.leadingZeroBitCount
    let quarter = Int(truncatingIfNeeded: value >> UInt64(power - 2)) & 3
    return 4 * (power - 1) + quarter
  }

  /// The smallest value of a bucket.
  static func lowerBound(of bucket: Int) -> UInt64 {
    if bucket < 4 { return UInt64(bucket) }
    return UInt64(4 + bucket & 3) << UInt64(bucket / 4 - 1)
  }
}
