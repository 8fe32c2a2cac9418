import ChatDomain
import LoadClient
import NIOCore

/// One replay against one server.
struct ReplayRun: Sendable {
  let plan: ReplayPlan
  /// Of trace time against real time.
  let speed: Double
  let api: APIClient
  let progress: ProgressBar
  /// Log-ins at a time: a server hashes a password for about 50 ms on a core.
  var logins = 8
  /// Sends that may be under way at a time; more wait, and count as late.
  var window = 256
  /// How long nothing may arrive before the rest counts as missing, seconds.
  var patience = 10

  func run() async throws -> ReplayReport {
    let sessions = try await logIn()
    let chats = try await createChats(sessions)
    let ledger = Ledger(sends: plan.sends.count)
    let followers = sessions.map { session in
      StreamFollower(api, session) { ledger.delivered($0, at: $1) }
    }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for follower in followers { group.addTask { await follower.run() } }
      defer { for follower in followers { follower.stop() } }
      try await settle(followers, "opening streams")
      let start = NIODeadline.now()
      await play(sessions, chats, ledger)
      let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
      try await quiet(followers, ledger)
      return try await report(sessions, chats, followers, ledger.summary, seconds)
    }
  }

  private func logIn() async throws -> [UserSession] {
    // Nobody else's: the names of a run begin with twelve random digits.
    let prefix = "r" + String(UInt64.random(in: 0..<1 << 48), radix: 16)
    defer { progress.clear() }
    return try await concurrently(Array(0..<plan.userCount), limit: logins) { done in
      progress.show("users", done, of: plan.userCount)
    } _: { index in
      try await api.register(username: "\(prefix).\(index)", password: "correct horse battery")
    }
  }

  private func createChats(_ sessions: [UserSession]) async throws -> [ChatID] {
    defer { progress.clear() }
    return try await concurrently(plan.chats, limit: 16) { done in
      progress.show("chats", done, of: plan.chats.count)
    } _: { chat in
      let members = chat.members.map { sessions[$0] }
      if chat.isDirect { return try await api.directChat(members[0], with: members[1].user) }
      return try await api.groupChat(members[0], title: "Replay", others: members.dropFirst().map(\.user))
    }
  }

  /// Sends everything at its time.
  private func play(_ sessions: [UserSession], _ chats: [ChatID], _ ledger: Ledger) async {
    let start = NIODeadline.now()
    await withTaskGroup(of: Void.self) { group in
      var underWay = 0
      for (number, send) in plan.sends.enumerated() {
        let due = start + .nanoseconds(Int64(Double(send.offset) * 1e6 / speed))
        let wait = (due - .now()).nanoseconds
        if wait > 0 {
          progress.show("sends", ledger.doneCount, of: plan.sends.count)
          try? await Task.sleep(for: .nanoseconds(wait), tolerance: .zero)
        }
        if underWay >= window {
          await group.next()
          underWay -= 1
        }
        underWay += 1
        group.addTask {
          let text = MessageTag.text(traceChat: send.traceChat, number: number, size: send.size)
          ledger.started(number, due: due)
          do {
            ledger.answered(number, try await api.send(text, to: chats[send.chat], sessions[send.sender]))
          } catch {
            ledger.failed(error)
          }
        }
      }
    }
    progress.clear()
  }
}
