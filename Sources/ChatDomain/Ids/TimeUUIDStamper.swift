/// Stamps messages at commit (protocol, Ids 2): within a chat ids rise strictly, also when the clock stands still or steps back, and across
/// restarts, because each is above the chat's stored head.
public struct TimeUUIDStamper: Sendable {
  private var lastTicks: UInt64 = 0
  private let tail: UInt64

  /// - Parameter node: distinguishes two installations; seven bits of each byte are used.
  public init(node: UInt64) {
    tail = node & 0x3F7F_7F7F_7F7F_7F7F | 0x8000_0000_0000_0000
  }

  /// - Parameters:
  ///   - now: microseconds since 1970.
  ///   - head: the chat's newest id.
  public mutating func next(now: Int64, above head: TimeUUID?) -> TimeUUID {
    let ticks = UInt64(max(0, now)) * 10 + TimeUUID.ticksBefore1970
    lastTicks = max(lastTicks + 1, ticks, head.map { $0.ticks + 1 } ?? 0)
    return TimeUUID(ticks: lastTicks, tail: tail)
  }
}
