import ChatDomain

/// What a client knows and does next by the delivery protocol's rules for clients, over one stream and all chats of its user.
///
/// Reads everything: every chat's cursor starts before everything. Pure; `StreamFollower` acts.
public struct FollowerState: Sendable {
  public enum Action: Sendable, Hashable {
    /// Ask for the heads.
    case catchUp(run: Int)
    /// Ask for the page after the cursor.
    case read(ChatID, after: TimeUUID, run: Int)
    /// Close the stream and open it without `Last-Event-ID`.
    case reopen
  }

  /// Messages held, by chat.
  public internal(set) var held: [ChatID: Set<TimeUUID>] = [:]
  public internal(set) var counts = FollowerCounts()

  /// The last aggregate in sequence; nil before a base line.
  var base: WireBaseLine?
  /// Of the time between two breaks of the news; 0 before the first.
  var run = 0
  var cursors: [ChatID: TimeUUID] = [:]
  /// Caught up in this run.
  var caughtUp: Set<ChatID> = []
  /// Being read in this run.
  var reading: Set<ChatID> = []
  /// The newest message that came in sequence in this run.
  var newest: [ChatID: TimeUUID] = [:]
  /// Chats of which a stub came while they were being read: that read does not count.
  var stubbed: Set<ChatID> = []

  public init() {}

  /// A base line was reached.
  public var isReady: Bool { base != nil }

  /// All that is known to exist is held.
  public var isSettled: Bool { base != nil && reading.isEmpty }

  /// What a stream is reopened with.
  public var lastEventID: String? { base.map { "\($0.epoch):\($0.seq)" } }

  func cursor(of chat: ChatID) -> TimeUUID { cursors[chat] ?? .beforeEverything }

  /// - Returns: false if it was held.
  mutating func hold(_ message: WireMessage) -> Bool { held[message.chat, default: []].insert(message.id).inserted }

  mutating func advance(_ chat: ChatID, to id: TimeUUID) {
    if cursor(of: chat) < id { cursors[chat] = id }
  }

  mutating func startRun(_ base: WireBaseLine) -> [Action] {
    self.base = base
    run += 1
    counts.runs += 1
    caughtUp = []
    reading = []
    newest = [:]
    stubbed = []
    return [.catchUp(run: run)]
  }

  mutating func startRead(_ chat: ChatID) -> [Action] {
    guard reading.insert(chat).inserted else { return [] }
    counts.reads += 1
    return [.read(chat, after: cursor(of: chat), run: run)]
  }
}
