import FoundationEssentials

/// What the kills have done.
struct CrashReport: Encodable {
  let seed: UInt64
  let kills: Int
  /// Messages that were answered with 201 or 200.
  let accepted: Int
  /// Messages in all histories.
  let stored: Int
  /// Accepted, and not in the history under the id of the answer.
  let lost: Int
  /// Keys that stand in the history more than once.
  let duplicated: Int
  /// Of one client's whole history and stream together, what the client does not hold; by all clients.
  let missing: Int
  /// Held by a client, and in no history.
  let unknown: Int
  /// Sends that no time was enough for.
  let unanswered: Int
  /// Times that the news broke and was caught up.
  let runs: Int
  /// Messages that catching up brought first.
  let fetched: Int
  let seconds: Double
  let failures: [String]

  var isComplete: Bool {
    lost == 0 && duplicated == 0 && missing == 0 && unknown == 0 && unanswered == 0 && accepted > 0 && failures.isEmpty
  }

  var text: String {
    """
    \(isComplete ? "ok" : "FAILED"): \(kills) kills in \(Int(seconds)) s, \(accepted) accepted, \(stored) stored, \
    \(lost) lost, \(duplicated) duplicated, \(missing) missing from clients, \(unknown) unknown, \
    \(unanswered) unanswered, \(runs) runs of news, \(fetched) caught up, seed \(seed)\
    \(failures.map { "\nfailed: \($0)" }.joined())
    """
  }

  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
