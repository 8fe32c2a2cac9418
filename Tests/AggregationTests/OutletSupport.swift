import Aggregation
import ChatDomain

/// An outlet with a notebook: what it wants of its channel is written down as text. Publications count as published at once unless told otherwise.
final class OutletScript {
  var outlet: Outlet
  var settlesAtOnce: Bool
  private(set) var publications: [Publication] = []
  /// `u1 #1 [1 2] to c1`, `begin c1 #0`, `resync u1 #0`, …
  private(set) var lines: [String] = []
  private var epochs: [Epoch] = []

  init(_ settings: OutletSettings = .stream, seed: UInt64 = 1, settlesAtOnce: Bool = true) {
    outlet = Outlet(settings, seed: seed)
    self.settlesAtOnce = settlesAtOnce
  }

  /// Runs `body`, then lets the outlet publish, and returns what was written down.
  func at(_ now: Instant, _ body: (inout Outlet, inout [PushAction]) -> Void = { _, _ in }) -> [String] {
    let start = lines.count
    var actions: [PushAction] = []
    body(&outlet, &actions)
    outlet.advance(now: now, &actions)
    while !actions.isEmpty {
      let batch = actions
      actions = []
      for action in batch { note(action, now, &actions) }
      outlet.advance(now: now, &actions)
    }
    return Array(lines[start...])
  }

  private func note(_ action: PushAction, _ now: Instant, _ more: inout [PushAction]) {
    switch action {
    case .publish(let publication):
      publications.append(publication)
      let numbers = publication.aggregate.items.map { "\($0.number)" }.joined(separator: " ")
      let heard = publication.audience.connections.map { " c\($0.number)" }.joined()
      lines.append("#\(publication.aggregate.seq) [\(numbers)]\(heard)")
      if settlesAtOnce { outlet.settled(publication.ticket, .published, now: now, &more) }
    case .begin(let connection, let base, let beginning):
      let how =
        switch beginning {
        case .fresh: ""
        case .resync: " resync"
        case .replay(let missed): " replay \(missed.map { Int($0.seq) })"
        }
      lines.append("begin c\(connection.number) \(name(base.epoch)) #\(base.seq)\(how)")
    case .announce(let base, _): lines.append("resync \(name(base.epoch)) #\(base.seq)")
    case .hint(let mark, let audience): lines.append("read \(mark.upTo.ticks) to \(audience.connections.count)")
    case .cut(let connection, let reason): lines.append("cut c\(connection.number) \(reason)")
    }
  }

  /// E1, E2, … in order of appearance.
  private func name(_ epoch: Epoch) -> String {
    if !epochs.contains(epoch) { epochs.append(epoch) }
    return "E\((epochs.firstIndex(of: epoch) ?? 0) + 1)"
  }

  // MARK: - Short forms, for user 1

  func connect(_ connection: Int, device: Int = 1, resuming: BaseLine? = nil, at now: Instant) -> [String] {
    at(now) {
      $0.opened(
        ConnectionID(number: UInt64(connection)), device: .number(device), of: .number(1), resuming: resuming,
        now: now, &$1)
    }
  }

  func disconnect(_ connection: Int, device: Int = 1, at now: Instant) -> [String] {
    at(now) {
      $0.closed(ConnectionID(number: UInt64(connection)), device: .number(device), of: .number(1), now: now, &$1)
    }
  }

  func send(_ items: NewsItem..., at now: Instant) -> [String] {
    at(now) { outlet, actions in
      for item in items { outlet.deliver(item, to: .number(1), now: now, &actions) }
    }
  }

  /// The epoch's name and the number that the lease is answered with; nil for a refusal.
  @discardableResult
  func renew(device: Int = 1, viewing: [Int] = [], at now: Instant) -> (epoch: String?, seq: UInt64)? {
    var answer = LeaseAnswer.tooSoon
    let channel = outlet.settings.channel
    _ = at(now) {
      let lease = Lease(
        user: .number(1), device: .number(device), channel: channel, viewing: viewing.map { .number($0) })
      answer = $0.renew(lease, now: now, &$1)
    }
    guard case .taken(let epoch, let seq, _, _) = answer else { return nil }
    return (epoch.flatMap { Epoch($0) }.map(name), seq)
  }

  var base: BaseLine? { outlet.baseLine(of: .number(1)) }
}
