import Aggregation

/// A way to push messages through Firestore.
public enum PlannedPolicy: Hashable, Sendable {
  /// A document for each message: one write, and a read by each member.
  case documentPerMessage
  /// What Google's example of a chat app's bill comes to for a message: 80 reads, 20 writes and 20 deletes for 10 messages;
  /// https://firebase.google.com/docs/firestore/billing-example
  case publishedPattern
  /// A document for each window of a chat, or of a chat and sender; each member reads it, whether anybody looks or not.
  case window(WindowPolicy, perSender: Bool)
  /// One overwritten mailbox for each recipient who looks.
  case caravan(Windows)

  /// What the planner compares unless told otherwise.
  public static let usual: [PlannedPolicy] = [
    .publishedPattern, .documentPerMessage, .window(.idle(.seconds(3)), perSender: true),
    .window(.fixed(.seconds(3)), perSender: false), .window(.leading(.seconds(3)), perSender: false),
    .caravan(.economical),
  ]
}

extension PlannedPolicy: LosslessStringConvertible {
  /// Parses `naive`, `google`, `classic`, a window for a chat (`fixed:3s`, `idle:3s`, `leading:3s`), one for a chat and sender
  /// (`idle:3s/sender`), `caravan`, or `caravan=VIEWING,ELSEWHERE`, as in `caravan=leading:2s,fixed:30s`. nil for anything else.
  public init?(_ description: String) {
    switch description {
    case "naive": self = .documentPerMessage
    case "google": self = .publishedPattern
    case "classic": self = PlannedPolicy.classic
    case "caravan": self = .caravan(.economical)
    default:
      if description.hasPrefix("caravan=") {
        let parts = description.dropFirst(8).split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let viewing = WindowPolicy(String(parts[0])),
          let elsewhere = WindowPolicy(String(parts[1]))
        else { return nil }
        self = .caravan(Windows(viewing: viewing, elsewhere: elsewhere))
        return
      }
      let perSender = description.hasSuffix("/sender")
      guard let policy = WindowPolicy(String(perSender ? description.dropLast(7) : description[...])) else {
        return nil
      }
      self = .window(policy, perSender: perSender)
    }
  }

  /// Three seconds of silence or ten messages.
  private static let classic = PlannedPolicy.window(.idle(.seconds(3)), perSender: true)

  public var description: String {
    switch self {
    case .documentPerMessage: "naive"
    case .publishedPattern: "google"
    case PlannedPolicy.classic: "classic"
    case .window(let policy, let perSender): "\(policy)\(perSender ? "/sender" : "")"
    case .caravan(let windows):
      windows == .economical ? "caravan" : "caravan=\(windows.viewing),\(windows.elsewhere)"
    }
  }

  /// In words.
  public var summary: String {
    switch self {
    case .documentPerMessage: "a document per message"
    case .publishedPattern: "Google's published chat example"
    case .window(let policy, let perSender):
      "\(PlannedPolicy.words(policy)) per chat\(perSender ? " and sender" : "")"
    case .caravan(let windows):
      "Caravan: who views the chat \(PlannedPolicy.words(windows.viewing)), elsewhere \(PlannedPolicy.words(windows.elsewhere))"
    }
  }

  private static func words(_ policy: WindowPolicy) -> String {
    if let idle = policy.idle {
      return "\(idle) of silence\(policy.maxMessages == .max ? "" : " or \(policy.maxMessages) messages")"
    }
    if let maxAge = policy.maxAge { return "a window of \(maxAge)" }
    guard let spacing = policy.spacing, spacing > .zero else { return "at once" }
    return "at once, then every \(spacing)"
  }
}
