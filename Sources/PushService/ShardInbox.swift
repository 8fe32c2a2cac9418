import ChatDomain
import DequeModule

/// What waits for a shard, in order. Deliveries are bounded; everything else is bounded by the connections and leases that cause it.
///
/// Once a delivery has been dropped, all that follow are dropped too until the shard has taken everything: otherwise a later message could reach a
/// recipient under the old epoch, and would hide the gap.
struct ShardInbox: Sendable {
  /// With the number of recipients that each counts for.
  private var events: Deque<(event: ShardEvent, weight: Int)> = []
  /// Recipients of the deliveries that wait.
  private var weight = 0
  private var dropped: Set<UserID> = []
  private var droppedForAll = false
  private var isScheduled = false
  private let limit: Int
  private let rememberedDrops: Int

  init(limit: Int, rememberedDrops: Int) {
    self.limit = limit
    self.rememberedDrops = rememberedDrops
  }

  enum Offer {
    /// `mustRun`: the shard has to be scheduled.
    case taken(mustRun: Bool)
    case dropped(mustRun: Bool)
  }

  /// Takes a delivery, or drops it and remembers for whom.
  /// - Parameter count: recipients that are this shard's.
  mutating func offer(_ delivery: ShardEvent, recipients: [UserID], count: Int, isOurs: (UserID) -> Bool) -> Offer {
    guard weight + count <= limit, dropped.isEmpty, !droppedForAll else {
      // Losing a receipt does no harm: it is a hint.
      if case .message = delivery { remember(recipients, isOurs) }
      return .dropped(mustRun: schedule())
    }
    weight += count
    events.append((delivery, count))
    return .taken(mustRun: schedule())
  }

  /// Takes anything else.
  /// - Returns: whether the shard has to be scheduled.
  mutating func put(_ event: ShardEvent) -> Bool {
    events.append((event, 0))
    return schedule()
  }

  /// What the shard is to do next: deliveries for up to `turn` recipients, and whatever stands between them. nil: there is nothing, and the shard is no
  /// longer scheduled.
  mutating func take(turn: Int) -> [ShardEvent]? {
    var taken: [ShardEvent] = []
    var served = 0
    while served < turn, let (event, weight) = events.popFirst() {
      served += weight
      taken.append(event)
    }
    weight -= served
    if events.isEmpty {
      if droppedForAll || !dropped.isEmpty { taken.append(.dropped(droppedForAll ? nil : dropped)) }
      (dropped, droppedForAll) = ([], false)
    }
    if taken.isEmpty {
      isScheduled = false
      return nil
    }
    return taken
  }

  private mutating func remember(_ recipients: [UserID], _ isOurs: (UserID) -> Bool) {
    if droppedForAll { return }
    for user in recipients where isOurs(user) { dropped.insert(user) }
    if dropped.count > rememberedDrops { (dropped, droppedForAll) = ([], true) }
  }

  private mutating func schedule() -> Bool {
    if isScheduled { return false }
    isScheduled = true
    return true
  }
}
