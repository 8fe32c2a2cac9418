import BenchSupport
import ChatDomain
import LoadClient
import NIOCore

/// Pages of 50 at random places of a chat of 10,000 messages, one after another.
enum HistoryBench {
  static let messages = 10_000
  static let pages = 3_000

  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    try await withServer(
      settings,
      seed: { data in
        let users = try await BenchUser.users(try await data.users(2))
        let chat = try await data.directChat(users[0].session, users[1].session)
        return (users[0].token, chat, try await data.messages(messages, in: chat, from: users[1].session))
      }
    ) { server, seeded in
      let (token, chat, ids) = seeded
      let connection = try await HTTPConnection.open(server.endpoint, on: clientLoop).get()
      defer { connection.close() }
      var generator = SeededGenerator(seed: 1)
      var latencies = Latencies()
      // The first hundred warm the server up.
      for number in 0..<pages + 100 {
        let id = ids[Int.random(in: 0..<ids.count, using: &generator)]
        let request = ClientRequest(.GET, "/chat/\(chat)?time=\(id)&quantity=50", token: token)
        let start = NIODeadline.now()
        let answer = try await connection.send(request).get()
        try answer.expecting(200)
        if number >= 100 { latencies.record(UInt64((NIODeadline.now() - start).nanoseconds)) }
      }
      return [
        Measured("history_page_p50", latencies.milliseconds(0.5), "ms"),
        Measured("history_page_p99", latencies.milliseconds(0.99), "ms", goal: "<= 10"),
      ]
    }
  }
}
