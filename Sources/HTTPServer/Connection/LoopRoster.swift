import NIOCore

/// The open connections of one event loop, and what they share: one timer for all their deadlines, the date, request ids.
///
/// `@unchecked`: all mutable state is touched on `eventLoop` only.
final class LoopRoster: @unchecked Sendable {
  let eventLoop: any EventLoop
  let executor: LoopExecutor
  private var members: [any RosterMember] = []
  private var isDraining = false
  private var sweep: RepeatedTask?
  private var ids = RequestIDs()
  private var date = (text: "", at: UInt64(0))

  init(eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    executor = LoopExecutor(eventLoop)
  }

  /// - Parameter limits: the sweep comes often enough for the shortest of them.
  func startSweeping(_ limits: ServerLimits) {
    let shortest = min(limits.arrivalTime, limits.idleTime, limits.answerTime).nanoseconds / 4
    let interval = TimeAmount.nanoseconds(Int64(min(max(shortest, 5_000_000), 1_000_000_000)))
    sweep = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [weak self] _ in
      self?.tick()
    }
  }

  func stopSweeping() { sweep?.cancel() }

  func add(_ member: any RosterMember) {
    member.slot = members.count
    members.append(member)
    if isDraining { member.drain() }
  }

  func remove(_ member: any RosterMember) {
    let slot = member.slot
    guard slot < members.count, members[slot] === member else { return }
    let last = members.removeLast()
    if last !== member {
      members[slot] = last
      last.slot = slot
    }
  }

  /// Puts `new` into the place of `old`.
  func replace(_ old: any RosterMember, with new: any RosterMember) {
    new.slot = old.slot
    members[old.slot] = new
  }

  private func tick() {
    let now = NIODeadline.now().uptimeNanoseconds
    // A copy: a member that closes leaves the list.
    for member in members { member.tick(now: now) }
  }

  func drain() {
    isDraining = true
    for member in members { member.drain() }
  }

  func abortAll() {
    for member in members { member.abort() }
  }

  func closeStreams() {
    for case let stream as EventStreamHandler in members { stream.end() }
  }

  func nextRequestID() -> String { ids.next() }

  /// The value of `Date`, at most a second old.
  func date(now: UInt64) -> String {
    if date.text.isEmpty || now &- date.at >= 1_000_000_000 { date = (HTTPDate.now(), now) }
    return date.text
  }
}
