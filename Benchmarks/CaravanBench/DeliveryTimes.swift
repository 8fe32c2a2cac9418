import BenchSupport
import ChatDomain
import FoundationEssentials
import LoadClient
import NIOCore
import Synchronization

/// When numbered messages were sent, answered and received by the other one.
final class DeliveryTimes: Sendable {
  private struct State {
    var openStreams = 0
    var started: [NIODeadline]
    var sends = Latencies()
    var deliveries = Latencies()
  }

  private let state: Mutex<State>

  init(count: Int) { state = Mutex(State(started: Array(repeating: .distantPast, count: count))) }

  var latencies: (sends: Latencies, deliveries: Latencies) { state.withLock { ($0.sends, $0.deliveries) } }

  func opened() { state.withLock { $0.openStreams += 1 } }

  func waitUntilOpen(_ count: Int) async throws {
    let end = NIODeadline.now() + .seconds(60)
    while state.withLock({ $0.openStreams }) < count {
      guard NIODeadline.now() < end else {
        throw BenchError("of \(count) streams \(state.withLock { $0.openStreams }) are ready after a minute")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  func started(_ number: Int, at time: NIODeadline) { state.withLock { $0.started[number] = time } }

  func answered(_ number: Int) {
    let now = NIODeadline.now()
    state.withLock { $0.sends.record(UInt64(max(0, (now - $0.started[number]).nanoseconds))) }
  }

  func received(_ event: ServerSentEvent, by user: UserID) {
    let now = NIODeadline.now()
    guard let news = try? JSONDecoder().decode(WireNews.self, from: Data(event.data.utf8)) else { return }
    for message in news.news.flatMap(\.messages) where message.sender != user {
      guard let number = message.text.flatMap({ Int($0.prefix { $0 != " " }) }) else { continue }
      state.withLock { $0.deliveries.record(UInt64(max(0, (now - $0.started[number]).nanoseconds))) }
    }
  }
}
