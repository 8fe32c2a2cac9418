import BenchSupport
import ChatDomain
import LoadClient
import NIOCore
import NIOPosix

/// One series of kills over one data folder.
struct CrashRun: Sendable {
  let binary: String
  let kills: Int
  let rate: Int
  let clients: Int
  let seed: UInt64
  /// Sends that one client may have under way.
  private static let lanes = 4

  func run() async throws -> CrashReport {
    let folder = try TemporaryData()
    let data = try await SeededData(folder: folder.path)
    let sessions = try await data.users(clients)
    let chats = try await makeChats(data, sessions)
    await data.close()
    let first = try await ServerProcess.start(binary: binary, data: folder.path)
    let pool = HTTPPool(first.endpoint, on: MultiThreadedEventLoopGroup.singleton, connections: 64)
    defer { pool.close() }
    let api = APIClient(pool, retries: RetryPolicy(limit: .seconds(120)))
    let outbox = Outbox()
    let followers = sessions.map { StreamFollower(api, $0) }
    let start = NIODeadline.now()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for follower in followers { group.addTask { await follower.run() } }
      defer {
        outbox.close()
        for follower in followers { follower.stop() }
        group.cancelAll()
      }
      let last = try await withThrowingTaskGroup(of: Void.self) { senders in
        for client in 0..<clients {
          for lane in 0..<CrashRun.lanes {
            senders.addTask { await send(client, lane, sessions[client], chats, api, outbox) }
          }
        }
        defer { outbox.close() }
        let last = try await killAll(first, data: folder.path)
        outbox.close()
        try await senders.waitForAll()
        return last
      }
      defer { Task { await last.stop() } }
      let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
      return try await inspect(api, sessions, chats, followers, outbox, seconds)
    }
  }

  /// Everybody talks with the next one: each client is in two chats.
  private func makeChats(_ data: SeededData, _ sessions: [UserSession]) async throws -> [ChatID] {
    var chats: [ChatID] = []
    for index in sessions.indices {
      chats.append(try await data.directChat(sessions[index], sessions[(index + 1) % sessions.count]))
    }
    return chats
  }

  /// Kills and starts again; returns the server that lives at the end.
  private func killAll(_ first: ServerProcess, data: String) async throws -> ServerProcess {
    var generator = SeededGenerator(seed: seed)
    var server = first
    for _ in 0..<kills {
      // From before anybody is back to long after.
      try await Task.sleep(for: .milliseconds(Int.random(in: 20...1_500, using: &generator)))
      await server.kill()
      server = try await ServerProcess.start(binary: binary, data: data, port: first.endpoint.port)
    }
    try await Task.sleep(for: .seconds(1))
    return server
  }

  /// One lane of a client's sends, at its share of the rate.
  private func send(
    _ client: Int, _ lane: Int, _ session: UserSession, _ chats: [ChatID], _ api: APIClient, _ outbox: Outbox
  ) async {
    let period = 1e9 * Double(clients * CrashRun.lanes) / Double(rate)
    // The lanes take turns.
    var due = NIODeadline.now() + .nanoseconds(Int64(period * Double(lane) / Double(CrashRun.lanes)))
    var number = 0
    while !outbox.isClosed {
      let wait = (due - .now()).nanoseconds
      if wait > 0 { try? await Task.sleep(for: .nanoseconds(wait)) }
      // What a dead server kept from being sent is not made up for.
      due = max(due + .nanoseconds(Int64(period)), .now() - .milliseconds(100))
      let chat = number % 2 == 0 ? chats[client] : chats[(client + clients - 1) % clients]
      number += 1
      let key = IdempotencyKey.random()
      do {
        outbox.answered(key, try await api.send(key.description, to: chat, session, key: key))
      } catch {
        outbox.failed(error)
      }
    }
  }
}
