import ChatDomain
import LoadClient

/// Holds what clients received against what the histories say.
public struct Comparison: Sendable, Hashable {
  /// Messages in all histories.
  public private(set) var stored = 0
  /// Answered as accepted, and in no history.
  public private(set) var lost = 0
  /// Sends that stand in a history more than once.
  public private(set) var storedTwice = 0
  /// One for each client and message that it should hold.
  public private(set) var expected = 0
  /// Of those the ones that it holds.
  public private(set) var received = 0
  /// Held, and in no history.
  public private(set) var unknown = 0

  public var missing: Int { expected - received }

  public init() {}

  /// - Parameters:
  ///   - history: of one chat.
  ///   - members: what each of its members holds of it.
  public mutating func add(history: [WireMessage], heldBy members: [Set<TimeUUID>]) {
    var numbers: Set<Int> = []
    for message in history {
      guard let number = message.text.flatMap(MessageTag.number(of:)) else { continue }
      if !numbers.insert(number).inserted { storedTwice += 1 }
    }
    let ids = Set(history.map(\.id))
    storedTwice += history.count - ids.count
    stored += ids.count
    for held in members {
      expected += ids.count
      received += held.intersection(ids).count
      unknown += held.subtracting(ids).count
    }
  }

  /// - Parameter accepted: ids that sends to the chat were answered with.
  public mutating func add(accepted: Set<TimeUUID>, history: [WireMessage]) {
    lost += accepted.subtracting(history.map(\.id)).count
  }
}
