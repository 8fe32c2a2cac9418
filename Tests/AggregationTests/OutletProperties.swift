import ChatDomain
import Testing

@testable import Aggregation

/// Random interleavings of everything that can happen to an outlet. Runs are named by their seeds.
@Suite struct OutletProperties {
  @Test("No input is lost, order holds and every buffer is bounded, whatever happens", arguments: 0..<20)
  func nothingIsLost(hundred: Int) {
    for seed in hundred * 100..<(hundred + 1) * 100 {
      var run = OutletRun(seed)
      run.run(steps: 150)
      #expect(run.problems.isEmpty, "seed \(seed): \(run.problems.first ?? "")")
    }
  }
}

/// One run: three recipients, and for each what it was given and what came out.
struct OutletRun {
  /// What was delivered under an epoch, and what was published under it.
  struct Account {
    var given: [Int] = []
    var published: [Int] = []
    var lastSeq: UInt64 = 0
  }

  let seed: Int
  var dice: Dice
  var outlet: Outlet
  var now: Instant = 0
  var next = 0
  var connections: [UInt64: (user: Int, device: Int)] = [:]
  var flying: [Publication] = []
  var accounts: [BaseLine: Account] = [:]
  var frozen: [BaseLine: [Int]] = [:]
  var problems: [String] = []

  init(_ seed: Int) {
    self.seed = seed
    dice = Dice(seed)
    var settings = seed % 2 == 0 ? OutletSettings.stream : .mailbox
    settings.limits = AggregatorLimits(messages: 3 + seed % 5, bytes: 4_096, receipts: 2)
    settings.ring = RingLimits(aggregates: 1 + seed % 4, bytes: 2_048)
    settings.terms = LeaseTerms(devices: 2, spacing: seed % 3 == 0 ? .zero : .seconds(1))
    if seed % 4 == 3 { settings.windows = Windows(viewing: .idle(.seconds(3)), elsewhere: .fixed(.seconds(3))) }
    outlet = Outlet(settings, seed: UInt64(seed))
  }

  mutating func run(steps: Int) {
    for _ in 0..<steps { step() }
    // Everything settles: leases are kept, pushes succeed.
    for _ in 0..<200 {
      var actions: [PushAction] = []
      let ready = flying
      flying = []
      for publication in ready { outlet.settled(publication.ticket, .published, now: now, &actions) }
      perform(&actions)
      now = now + .milliseconds(100)
    }
    for user in 1...3 {
      guard let base = outlet.baseLine(of: .number(user)), isServed(user) else { continue }
      let account = accounts[BaseLine(epoch: base.epoch, seq: 0), default: Account()]
      if account.given != account.published.sorted() {
        problems.append("user \(user) was given \(account.given), published \(account.published)")
      }
    }
  }

  /// Whether anything can be published to the user without a further event: withheld messages and closed connections wait.
  private func isServed(_ user: Int) -> Bool {
    guard outlet.settings.usesConnections else {
      return outlet.slots[.number(user)].map { outlet.aggregator.waiting(in: $0).isEmpty } ?? false
    }
    return connections.values.contains { $0.user == user }
  }

  private mutating func step() {
    var actions: [PushAction] = []
    let user = 1 + dice.below(3)
    let device = 1 + dice.below(3)
    switch dice.below(20) {
    case 0..<8: deliver(to: user, device, &actions)
    case 8..<11:
      let viewing: [ChatID] = dice.chance(50) ? [.number(1 + dice.below(3))] : []
      let lease = Lease(
        user: .number(user), device: .number(device), channel: outlet.settings.channel, viewing: viewing)
      _ = outlet.renew(lease, now: now, &actions)
    case 11, 12:
      guard outlet.settings.usesConnections else { break }
      next += 1
      connections[UInt64(next)] = (user, device)
      let resuming = dice.chance(50) ? outlet.baseLine(of: .number(user)) : nil
      outlet.opened(
        ConnectionID(number: UInt64(next)), device: .number(device), of: .number(user), resuming: resuming, now: now,
        &actions)
    case 13:
      guard let (number, owner) = connections.min(by: { $0.key < $1.key }) else { break }
      connections[number] = nil
      outlet.closed(
        ConnectionID(number: number), device: .number(owner.device), of: .number(owner.user), now: now, &actions)
    case 14: outlet.end(device: .number(device), of: .number(user), now: now, &actions)
    case 15 where dice.chance(20): outlet.dropped([.number(user)], now: now, &actions)
    case 16, 17:
      guard !flying.isEmpty else { break }
      let publication = flying.remove(at: dice.below(flying.count))
      let outcomes: [PublishOutcome] = [.published, .published, .failed, .failed, .refused]
      outlet.settled(publication.ticket, outcomes[dice.below(dice.chance(10) ? 5 : 4)], now: now, &actions)
    default: now = now + .milliseconds([1, 100, 900, 4_000, 20_000, 61_000][dice.below(6)])
    }
    perform(&actions)
    checkBounds()
  }

  private mutating func deliver(to user: Int, _ device: Int, _ actions: inout [PushAction]) {
    next += 1
    let item = message(
      next, in: 1 + dice.below(3), from: dice.chance(40) ? user : 9, device: dice.chance(50) ? device : nil)
    outlet.deliver(item, to: .number(user), now: now, &actions)
    let wasDropped = actions.contains { if case .announce = $0 { true } else { false } }
    guard !wasDropped, let base = outlet.baseLine(of: .number(user)) else { return }
    accounts[BaseLine(epoch: base.epoch, seq: 0), default: Account()].given.append(next)
    // Numbered into the ring with nobody connected: as good as published.
    guard let slot = outlet.slots[.number(user)] else { return }
    let waiting = outlet.aggregator.waiting(in: slot).map(\.number)
    if waiting == [next], outlet.settings.usesConnections, outlet.states[Int(slot.index)]?.attention.connections == [] {
      let account = accounts[BaseLine(epoch: base.epoch, seq: 0), default: Account()]
      guard base.seq > account.lastSeq else { return }
      note(account.given.filter { $0 != next && !account.published.contains($0) }, seq: base.seq, of: base.epoch)
    }
  }

  private mutating func perform(_ actions: inout [PushAction]) {
    outlet.advance(now: now, &actions)
    while !actions.isEmpty {
      let batch = actions
      actions = []
      for action in batch {
        switch action {
        case .publish(let publication): publish(publication, &actions)
        case .cut(let connection, _): connections[connection.number] = nil
        case .begin, .announce, .hint: break
        }
      }
      outlet.advance(now: now, &actions)
    }
  }

  private mutating func publish(_ publication: Publication, _ actions: inout [PushAction]) {
    let numbers = publication.aggregate.items.map(\.number)
    if let before = frozen[publication.ticket.base] {
      if before != numbers { problems.append("aggregate \(publication.ticket.base) changed") }
    } else {
      frozen[publication.ticket.base] = numbers
      note(numbers, seq: publication.aggregate.seq, of: publication.ticket.base.epoch)
    }
    if !outlet.isWanted(publication.ticket, now: now) { problems.append("published to nobody") }
    if outlet.settings.usesConnections {
      outlet.settled(publication.ticket, .published, now: now, &actions)
    } else {
      flying.append(publication)
    }
  }

  private mutating func note(_ numbers: [Int], seq: UInt64, of epoch: Epoch) {
    var account = accounts[BaseLine(epoch: epoch, seq: 0), default: Account()]
    if seq != account.lastSeq + 1 { problems.append("number \(seq) after \(account.lastSeq)") }
    if let last = account.published.max(), let first = numbers.min(), first < last {
      problems.append("\(first) was published after \(last)")
    }
    account.lastSeq = seq
    account.published += numbers
    accounts[BaseLine(epoch: epoch, seq: 0)] = account
  }

  private mutating func checkBounds() {
    let settings = outlet.settings
    if outlet.expiries.count > 2 * outlet.slots.count + 65 || outlet.aggregator.deadlines.count > 2 * 3 + 65 {
      problems.append("deadlines pile up")
    }
    for state in outlet.states {
      guard let state else { continue }
      if state.attention.devices.count > settings.terms.devices { problems.append("too many devices") }
      if state.ring.count > settings.ring.aggregates { problems.append("the ring is too long") }
      if state.ring.bytes > settings.ring.bytes, state.ring.count > 1 { problems.append("the ring is too large") }
      let waiting = outlet.aggregator.waiting(in: state.slot)
      if waiting.count > settings.limits.messages { problems.append("too much waits") }
    }
  }
}
