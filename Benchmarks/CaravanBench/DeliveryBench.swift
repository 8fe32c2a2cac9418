import BenchSupport
import ChatDomain
import LoadClient
import NIOCore
import Synchronization

/// From the moment a send begins to the moment its recipient's stream brings it, at a steady 500 messages a second.
enum DeliveryBench {
  static let pairs = 50
  static let rate = 500
  static let seconds = 10

  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    try await withServer(
      settings,
      seed: { data in
        let users = try await BenchUser.users(try await data.users(2 * pairs))
        var chats: [ChatID] = []
        for pair in 0..<pairs {
          chats.append(try await data.directChat(users[2 * pair].session, users[2 * pair + 1].session))
        }
        return (users, chats)
      }
    ) { server, seeded in
      let (users, chats) = seeded
      let times = DeliveryTimes(count: rate * seconds)
      var streams: [EventStream] = []
      for user in users {
        streams.append(
          try await EventStream.open(server.endpoint, token: user.token, device: .random(), on: clientLoop) { event in
            if event.event == "news" { times.received(event, by: user.session.user) }
            if event.event == "ready" { times.opened() }
          }.get())
      }
      try await times.waitUntilOpen(users.count)
      var connections: [HTTPConnection] = []
      for _ in 0..<pairs { connections.append(try await HTTPConnection.open(server.endpoint, on: clientLoop).get()) }
      try await send(users, chats, connections, times)
      for stream in streams { stream.close() }
      for connection in connections { connection.close() }
      var (sends, deliveries) = times.latencies
      guard deliveries.count == rate * seconds else {
        throw BenchError("\(rate * seconds) messages were sent and \(deliveries.count) delivered")
      }
      return [
        Measured("delivery_p50", deliveries.milliseconds(0.5), "ms"),
        Measured("delivery_p99", deliveries.milliseconds(0.99), "ms", goal: "<= 25"),
        Measured("send_at_500_p50", sends.milliseconds(0.5), "ms"),
        Measured("send_at_500_p99", sends.milliseconds(0.99), "ms"),
      ]
    }
  }

  /// Starts every send at its time, whatever became of the ones before.
  private static func send(
    _ users: [BenchUser], _ chats: [ChatID], _ connections: [HTTPConnection], _ times: DeliveryTimes
  ) async throws {
    let start = NIODeadline.now() + .milliseconds(100)
    var answers: [EventLoopFuture<Void>] = []
    for number in 0..<rate * seconds {
      let pair = number % pairs
      let due = start + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(rate))
      answers.append(
        clientLoop.scheduleTask(deadline: due) {
          // Counted from when it was due: a client that falls behind must not look fast.
          times.started(number, at: due)
          let request = APIClient.send(
            "\(number) is the number of this message", to: chats[pair], token: users[2 * pair].token, key: .random())
          return connections[pair].send(request)
        }.futureResult.flatMap { $0 }.flatMapThrowing { answer in
          try answer.expecting(201)
          times.answered(number)
        })
    }
    for answer in answers { try await answer.get() }
    try await Task.sleep(for: .milliseconds(500))
  }
}
