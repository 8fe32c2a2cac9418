import BenchSupport
import ChatDomain
import LoadClient
import NIOCore

/// Durable sends from connections that each wait for the answer before the next: as many as the server takes.
enum SendBench {
  static let connections = 32

  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    try await withServer(
      settings,
      seed: { data in
        let users = try await BenchUser.users(try await data.users(connections))
        var chats: [ChatID] = []
        for index in users.indices {
          chats.append(try await data.directChat(users[index].session, users[(index + 1) % users.count].session))
        }
        return (users, chats)
      }
    ) { server, seeded in
      let (users, chats) = seeded
      var loops: [EventLoopFuture<SendLoop>] = []
      let start = NIODeadline.now() + .seconds(1)
      for index in users.indices {
        let (token, chat) = (users[index].token, chats[index])
        loops.append(
          HTTPConnection.open(server.endpoint, on: clientLoop).flatMap { connection in
            SendLoop(connection, chat: chat, token: token, measuring: start..<start + .seconds(5)).run()
          })
      }
      var latencies = Latencies()
      for loop in loops { latencies.add(try await loop.get().latencies) }
      return [
        Measured("durable_sends", Double(latencies.count) / 5, "1/s", goal: ">= 10000"),
        Measured("durable_sends_p50", latencies.milliseconds(0.5), "ms"),
        Measured("durable_sends_p99", latencies.milliseconds(0.99), "ms"),
      ]
    }
  }
}

/// One connection's sends, one after another. Lives on the connection's event loop.
final class SendLoop: @unchecked Sendable {  // Touched on `connection.eventLoop` only, and after its end.
  private(set) var latencies = Latencies()
  private let connection: HTTPConnection
  private let chat: ChatID
  private let token: String
  private let window: Range<NIODeadline>
  private let done: EventLoopPromise<SendLoop>

  /// - Parameter window: sends that begin within it are measured; those before warm the server up.
  init(_ connection: HTTPConnection, chat: ChatID, token: String, measuring window: Range<NIODeadline>) {
    self.connection = connection
    self.chat = chat
    self.token = token
    self.window = window
    done = connection.eventLoop.makePromise()
  }

  func run() -> EventLoopFuture<SendLoop> {
    next()
    return done.futureResult
  }

  private func next() {
    let start = NIODeadline.now()
    guard start < window.upperBound else {
      connection.close()
      return done.succeed(self)
    }
    let request = APIClient.send(
      "A message of an ordinary length, as people send them.", to: chat, token: token, key: .random())
    connection.send(request).whenComplete { [self] result in
      switch result {
      case .success(let answer) where answer.status == 201:
        let now = NIODeadline.now()
        if start >= window.lowerBound, now < window.upperBound { latencies.record(UInt64((now - start).nanoseconds)) }
        next()
      case .success(let answer): done.fail(BenchError("a send was answered with status \(answer.status)"))
      case .failure(let error): done.fail(error)
      }
    }
  }
}
