import ChatDomain
import LoadClient
import NIOCore

extension ReplayRun {
  /// Waits until every follower has caught up.
  func settle(_ followers: [StreamFollower], _ what: String) async throws {
    let end = NIODeadline.now() + .seconds(60)
    while true {
      let settled = followers.count { $0.isSettled }
      progress.show(what, settled, of: followers.count)
      if settled == followers.count { break }
      if let failure = followers.lazy.compactMap(\.failure).first { throw failure }
      if NIODeadline.now() > end { throw ClientError(.timedOut, "streams do not open") }
      try await Task.sleep(for: .milliseconds(20))
    }
    progress.clear()
  }

  /// Waits until everybody has everything, or nothing has come for a while.
  func quiet(_ followers: [StreamFollower], _ ledger: Ledger) async throws {
    let summary = ledger.summary
    // What every member of a chat will hold, if nothing is missing.
    let target = zip(plan.chats.indices, plan.chats).reduce(0) { $0 + sends(to: $1.0) * $1.1.members.count }
    var best = -1
    var lastChange = NIODeadline.now()
    while lastChange + .seconds(Int64(patience)) > .now() {
      let held = followers.reduce(0) { $0 + $1.heldCount }
      progress.show("receiving", held, of: target)
      if held != best {
        best = held
        lastChange = .now()
      }
      if held >= target, summary.failed == 0, followers.allSatisfy(\.isSettled) { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    // Long enough for what is delivered twice to arrive twice.
    try await Task.sleep(for: .milliseconds(300))
    progress.clear()
  }

  private func sends(to chat: Int) -> Int { plan.sends.count { $0.chat == chat } }

  func report(
    _ sessions: [UserSession], _ chats: [ChatID], _ followers: [StreamFollower], _ ledger: Ledger.Summary,
    _ seconds: Double
  ) async throws -> ReplayReport {
    let held = followers.map(\.state.held)
    let histories = try await concurrently(Array(chats.indices), limit: 8) { done in
      progress.show("comparing", done, of: chats.count)
    } _: { index in
      try await api.history(of: chats[index], sessions[plan.chats[index].members[0]])
    }
    progress.clear()
    var comparison = Comparison()
    for (index, history) in histories.enumerated() {
      let chat = chats[index]
      comparison.add(history: history, heldBy: plan.chats[index].members.map { held[$0][chat] ?? [] })
      comparison.add(accepted: ledger.accepted[chat] ?? [], history: history)
    }
    let counts = followers.reduce(FollowerCounts()) { $0 + $1.counts }
    let failures = (ledger.firstFailure.map { [$0] } ?? []) + Set(followers.compactMap(\.failure?.description)).sorted()
    return ReplayReport(
      users: plan.userCount, chats: chats.count, sent: ledger.answered, failed: ledger.failed,
      stored: comparison.stored, received: comparison.received, missing: comparison.missing, lost: comparison.lost,
      duplicated: comparison.storedTwice + counts.pushedTwice, outOfOrder: counts.outOfOrder,
      unknown: comparison.unknown, fetched: counts.fetched, seconds: seconds,
      lateness: .init(ledger.lateness), send: .init(ledger.send), delivery: .init(ledger.delivery),
      failures: failures)
  }
}
