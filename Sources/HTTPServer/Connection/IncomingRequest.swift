import NIOCore
import NIOHTTP1

/// A request while it arrives, and until it is answered.
struct IncomingRequest: Sendable {
  let head: HTTPRequestHead
  let facts: HeadFacts
  /// Nanoseconds of the monotonic clock, at its first byte.
  let arrivedAt: UInt64
  var body = ByteBuffer()

  var keepsAlive: Bool { head.isKeepAlive && !facts.wantsUpgrade }
}
