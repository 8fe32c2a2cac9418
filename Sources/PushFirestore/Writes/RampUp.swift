import Aggregation

/// How many writes a second a database may get: Firestore asks for traffic to a collection to begin at 500 operations a second and to grow by half
/// every five minutes ("500/50/5", its best practices). After a quiet time it begins anew.
public struct RampUp: Sendable {
  public struct Terms: Sendable {
    /// Writes a second at the start.
    public var start = 500.0
    public var growth = 1.5
    public var step = TimeSpan.seconds(300)
    /// Without a write for so long the ramp begins anew.
    public var rest = TimeSpan.seconds(1_800)
    /// The steepest that one process of ours ever asks for.
    public var ceiling = 10_000.0

    public init() {}
  }

  private let terms: Terms
  private var startedAt: Instant
  private var tokens: Double
  private var filledAt: Instant

  init(_ terms: Terms, now: Instant) {
    self.terms = terms
    startedAt = now
    filledAt = now
    tokens = terms.start
  }

  /// Writes that may go now.
  mutating func allowance(now: Instant) -> Int {
    if now - filledAt >= terms.rest { startedAt = now }
    let rate = rate(now: now)
    tokens = min(rate, tokens + rate * Double(max(0, (now - filledAt).nanoseconds)) / 1e9)
    filledAt = max(filledAt, now)
    return Int(tokens)
  }

  mutating func take(_ count: Int) { tokens -= Double(count) }

  /// When the next write may go.
  func nextAt(now: Instant) -> Instant {
    tokens >= 1 ? now : now + TimeSpan(nanoseconds: Int64((1 - tokens) / rate(now: now) * 1e9) + 1)
  }

  private func rate(now: Instant) -> Double {
    var rate = terms.start
    var left = (now - startedAt).nanoseconds / terms.step.nanoseconds
    while left > 0, rate < terms.ceiling {
      rate *= terms.growth
      left -= 1
    }
    return min(rate, terms.ceiling)
  }
}
