import ChatDomain
import LoadClient
import NIOCore

extension CrashRun {
  /// Waits for the clients, reads every history, and compares.
  func inspect(
    _ api: APIClient, _ sessions: [UserSession], _ chats: [ChatID], _ followers: [StreamFollower], _ outbox: Outbox,
    _ seconds: Double
  ) async throws -> CrashReport {
    var histories: [ChatID: [WireMessage]] = [:]
    for (index, chat) in chats.enumerated() { histories[chat] = try await api.history(of: chat, sessions[index]) }
    let expected = chats.indices.map { index -> Int in
      let before = chats[(index + chats.count - 1) % chats.count]
      return Set([chats[index], before]).reduce(0) { $0 + (histories[$1]?.count ?? 0) }
    }
    let end = NIODeadline.now() + .seconds(30)
    while NIODeadline.now() < end {
      if zip(followers, expected).allSatisfy({ $0.isSettled && $0.heldCount >= $1 }) { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    var (missing, unknown) = (0, 0)
    for (index, follower) in followers.enumerated() {
      let held = follower.state.held
      for chat in Set([chats[index], chats[(index + chats.count - 1) % chats.count]]) {
        let ids = Set((histories[chat] ?? []).map(\.id))
        missing += ids.subtracting(held[chat] ?? []).count
        unknown += (held[chat] ?? []).subtracting(ids).count
      }
    }
    let (lost, duplicated) = compare(outbox, histories)
    let counts = followers.reduce(FollowerCounts()) { $0 + $1.counts }
    return CrashReport(
      seed: seed, kills: kills, accepted: outbox.accepted.count,
      stored: histories.values.reduce(0) { $0 + $1.count }, lost: lost, duplicated: duplicated, missing: missing,
      unknown: unknown, unanswered: outbox.unanswered, runs: counts.runs, fetched: counts.fetched, seconds: seconds,
      failures: (outbox.firstFailure.map { [$0] } ?? []) + Set(followers.compactMap(\.failure?.description)).sorted())
  }

  /// The text of a message is its key: the key itself is shown to its sender only.
  private func compare(_ outbox: Outbox, _ histories: [ChatID: [WireMessage]]) -> (lost: Int, duplicated: Int) {
    var places: [IdempotencyKey: Outbox.Accepted] = [:]
    var duplicated = 0
    for (chat, history) in histories {
      for message in history {
        guard let key = message.text.flatMap({ IdempotencyKey($0) }) else { continue }
        if places.updateValue(Outbox.Accepted(chat: chat, id: message.id), forKey: key) != nil { duplicated += 1 }
      }
    }
    let lost = outbox.accepted.count { key, accepted in
      places[key]?.id != accepted.id || places[key]?.chat != accepted.chat
    }
    return (lost, duplicated)
  }
}
