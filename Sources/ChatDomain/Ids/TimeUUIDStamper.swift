/// Stamps messages at commit (protocol, Ids 2): ids rise strictly, also when the clock stands still or steps back, and across
/// restarts, because the stamper starts above the highest stored id.
public struct TimeUUIDStamper: Sendable {
  private var lastTicks: UInt64
  private let tail: UInt64

  /// - Parameters:
  ///   - lastTicks: of the highest id ever given out; 0 if there is none.
  ///   - node: distinguishes two installations; seven bits of each byte are used.
  public init(lastTicks: UInt64, node: UInt64) {
    self.lastTicks = lastTicks
    tail = node & 0x3F7F_7F7F_7F7F_7F7F | 0x8000_0000_0000_0000
  }

  /// - Parameter now: microseconds since 1970.
  public mutating func next(now: Int64) -> TimeUUID {
    let ticks = UInt64(max(0, now)) * 10 + TimeUUID.ticksBefore1970
    lastTicks = max(lastTicks + 1, ticks)
    return TimeUUID(ticks: lastTicks, tail: tail)
  }
}
