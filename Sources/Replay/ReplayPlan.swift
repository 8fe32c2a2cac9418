import ChatDomain
import Traces

/// What a trace comes to: users, chats between them, and sends.
public struct ReplayPlan: Sendable {
  public struct PlannedChat: Sendable, Hashable {
    /// Two: a direct chat. More: a group. Indices of users; the first one creates it.
    public let members: [Int]
    public var isDirect: Bool { members.count == 2 }
  }

  public struct PlannedSend: Sendable, Hashable {
    /// Milliseconds of the trace after its first message.
    public let offset: Int64
    public let chat: Int
    public let sender: Int
    public let traceChat: Int
    /// UTF-8 bytes.
    public let size: Int
  }

  public private(set) var userCount = 0
  public private(set) var chats: [PlannedChat] = []
  public private(set) var sends: [PlannedSend] = []

  /// The largest group that the API makes, the creator among them.
  static let maximumMembers = 257
  /// The longest text that is sent, bytes: within the API's 4,000 scalars whatever they are.
  static let maximumText = 4_000

  /// - Parameters:
  ///   - seed: of the lengths that the trace does not know.
  ///   - longestPause: times in which nobody says anything are cut to it, milliseconds of the trace.
  public init(_ trace: [TraceMessage], seed: UInt64, longestPause: Int64 = .max) {
    var users: [Int: Int] = [:]
    var participants: [Int: [Int]] = [:]
    var order: [Int] = []
    for message in trace {
      let user = users[message.sender] ?? users.count
      users[message.sender] = user
      if participants[message.chat] == nil { order.append(message.chat) }
      let members = participants[message.chat] ?? []
      if !members.contains(user), members.count < ReplayPlan.maximumMembers {
        participants[message.chat, default: []].append(user)
      }
    }
    userCount = users.count
    var planned: [Int: Int] = [:]
    var direct: [[Int]: Int] = [:]
    var monologues: [Int: Int] = [:]
    var silent: [Int] = []
    for traceChat in order {
      var members = participants[traceChat] ?? []
      if members.count == 1 {
        // A silent partner, another one for each of the speaker's chats of this kind.
        let rank = monologues[members[0], default: 0]
        monologues[members[0]] = rank + 1
        if rank == silent.count {
          silent.append(userCount)
          userCount += 1
        }
        members.append(silent[rank])
      }
      if members.count == 2 {
        let pair = members.sorted()
        planned[traceChat] = direct[pair] ?? chats.count
        if direct[pair] != nil { continue }
        direct[pair] = chats.count
      } else {
        planned[traceChat] = chats.count
      }
      chats.append(PlannedChat(members: members))
    }
    var lengths = SeededGenerator(seed: seed)
    var offset: Int64 = 0
    var previous = trace.first?.time ?? 0
    for message in trace {
      offset += min(message.time - previous, longestPause)
      previous = message.time
      guard let chat = planned[message.chat], let sender = users[message.sender], chats[chat].members.contains(sender)
      else { continue }
      let size = message.size > 0 ? message.size : ReplayPlan.length(&lengths)
      sends.append(
        PlannedSend(
          offset: offset, chat: chat, sender: sender, traceChat: message.chat,
          size: min(size, ReplayPlan.maximumText)))
    }
  }

  /// Chat messages are short with a long tail: about log-normal, median 25 bytes, one in a hundred above 250.
  private static func length(_ generator: inout SeededGenerator) -> Int {
    // Irwin and Hall: twelve uniform numbers make a normal one.
    let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
    // e^x by repeated squaring of (1 + x/1024): exact enough for lengths, and no C library is needed.
    var factor = 1 + normal / 1_024
    for _ in 0..<10 { factor *= factor }
    return max(1, Int(25 * factor))
  }
}
