import ChatDomain
import HTTPServer

/// One open stream.
struct StreamConnection: Sendable {
  let user: UserID
  let device: DeviceID
  let stream: EventStream
  /// Monotonic nanoseconds: when the caller's token expires.
  let expiresAt: UInt64
}
