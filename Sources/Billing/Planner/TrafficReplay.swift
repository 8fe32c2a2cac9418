import ChatDomain

/// Replays traffic in virtual time, through the aggregation code of the server, and says what each policy would have written.
///
/// Timers are ideal, a write takes no time, and everybody has one device.
public struct TrafficReplay: Sendable {
  public let traffic: Traffic
  public let rule: LookingRule
  let looks: Looks

  public init(_ traffic: Traffic, rule: LookingRule = LookingRule()) {
    self.traffic = traffic
    self.rule = rule
    looks = Looks(of: traffic, by: rule)
  }

  /// Messages whose chat somebody else looks at when they arrive.
  public var seenCount: Int { looks.isSeen.count { $0 } }

  /// - Parameter progress: told now and then how many messages are done.
  public func run(_ policy: PlannedPolicy, progress: (Int) -> Void = { _ in }) -> PolicyOutcome {
    switch policy {
    case .documentPerMessage:
      return everyMessage(policy) { .write(heardBy: traffic.members(of: $0.chat)) }
    case .publishedPattern:
      return everyMessage(policy) { _ in BilledOperations(reads: 8, writes: 2, deletes: 2) }
    case .window(let window, let perSender):
      var replay = WindowReplay(traffic, looks, policy: policy, window: window, perSender: perSender)
      replay.run(progress: progress)
      return replay.outcome
    case .caravan(let windows):
      var replay = MailboxReplay(traffic, looks, rule: rule, policy: policy, windows: windows)
      replay.run(progress: progress)
      return replay.outcome
    }
  }

  private func everyMessage(_ policy: PlannedPolicy, _ cost: (Traffic.Send) -> BilledOperations) -> PolicyOutcome {
    var outcome = PolicyOutcome(policy, messages: traffic.messageCount)
    for (index, send) in traffic.sends.enumerated() {
      outcome.operations += cost(send)
      if looks.isSeen[index] { outcome.seenDelays.add(0) } else { outcome.otherDelays.add(0) }
    }
    return outcome
  }
}
