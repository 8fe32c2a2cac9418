import Synchronization

@testable import HTTPServer

/// Keeps the streams that a route opened, for the test.
final class StreamBox: Sendable {
  private let streams = Mutex<[EventStream]>([])
  private let gate = Gate()

  func add(_ stream: EventStream) {
    streams.withLock { $0.append(stream) }
    gate.open()
  }

  var all: [EventStream] { streams.withLock { $0 } }

  func waitForFirst() async { await gate.wait() }
}
