import ChatDomain

extension Outlet {
  /// A message for a recipient. Nobody looking, nothing kept.
  public mutating func deliver(
    _ item: NewsItem, to user: UserID, now: Instant, _ actions: inout [PushAction]
  ) {
    guard let slot = live(user, now: now, &actions), let state = states[Int(slot.index)] else { return }
    takenCount += 1
    let isViewed =
      settings.windows.viewing == settings.windows.elsewhere
      || state.attention.views(item.message.chat, under: settings.terms, now: now)
    let policy = isViewed ? settings.windows.viewing : settings.windows.elsewhere
    let isDue = !isSpared(item, for: state, now: now)
    if aggregator.add(item, to: slot, under: policy, isDue: isDue, now: now) { return }
    makeRoom(slot, now: now, &actions)
    if !aggregator.add(item, to: slot, under: policy, isDue: isDue, now: now) {
      // News is dropped, and the epoch must not outlive it.
      renewEpoch(slot, &actions)
    }
  }

  /// So much waits that no more can be taken: it is complete. With nobody connected it is numbered into the ring, which forgets what is too much: a reconnect
  /// notices that. Nothing can be done while an aggregate is under way.
  private mutating func makeRoom(_ slot: SlotID, now: Instant, _ actions: inout [PushAction]) {
    if settings.usesConnections, states[Int(slot.index)]?.attention.connections.isEmpty == true {
      if let batch = aggregator.take(slot, now: now) { remember(batch) }
    } else {
      aggregator.finish(slot, now: now)
      while let batch = aggregator.nextDue(now: now) { publish(batch, now: now, &actions) }
    }
  }

  /// A receipt for a recipient: whoever is connected gets a hint; else it rides in the next aggregate (protocol, Servers 11).
  public mutating func deliver(
    _ receipt: ReadMark, to user: UserID, now: Instant, _ actions: inout [PushAction]
  ) {
    guard let slot = live(user, now: now, &actions), let attention = states[Int(slot.index)]?.attention else { return }
    let connections = attention.connections
    if connections.isEmpty {
      aggregator.absorb(receipt, into: slot)
    } else {
      actions.append(.hint(receipt, Audience(user, attention)))
    }
  }

  /// News for these recipients was dropped before it came here: their epochs end (invariant 7, with invariant 2).
  public mutating func dropped(_ users: some Sequence<UserID>, now: Instant, _ actions: inout [PushAction]) {
    for user in users {
      if let slot = live(user, now: now, &actions) { renewEpoch(slot, &actions) }
    }
  }

  /// The same for everybody.
  public mutating func droppedForAll(now: Instant, _ actions: inout [PushAction]) {
    dropped(Array(slots.keys), now: now, &actions)
  }

  /// Time has passed: leases that are over end, and what is due is published.
  public mutating func advance(now: Instant, _ actions: inout [PushAction]) {
    while let slot = expiries.pop(notAfter: now) {
      guard states[Int(slot.index)]?.slot == slot else { continue }
      states[Int(slot.index)]?.armed = .never
      expire(slot, now: now, &actions)
    }
    while let batch = aggregator.nextDue(now: now) { publish(batch, now: now, &actions) }
  }

  /// Shutdown: whatever waits is due now.
  public mutating func finish(now: Instant, _ actions: inout [PushAction]) {
    for slot in slots.values { aggregator.finish(slot, now: now) }
    advance(now: now, &actions)
  }

  /// An attempt has its outcome. One of an epoch that is over is ignored.
  public mutating func settled(
    _ ticket: PublishTicket, _ outcome: PublishOutcome, now: Instant, _ actions: inout [PushAction]
  ) {
    guard let slot = slots[ticket.recipient], let state = states[Int(slot.index)], state.epoch == ticket.base.epoch
    else { return }
    switch outcome {
    case .published:
      guard aggregator.published(slot, seq: ticket.base.seq, now: now) else { return }
      if state.failures > 0 {
        states[Int(slot.index)]?.failures = 0
        states[Int(slot.index)]?.failingSince = nil
      }
    case .failed:
      let since = state.failingSince ?? now
      let retryAt = now + backoff(state.failures)
      guard aggregator.failed(slot, seq: ticket.base.seq, retryAt: retryAt, now: now) else { return }
      states[Int(slot.index)]?.failingSince = since
      states[Int(slot.index)]?.failures += 1
      if now - since >= settings.patience { end(slot, &actions) }
    case .refused:
      end(slot, &actions)
    }
  }

  /// The gate (invariant 3): whether the epoch is alive and somebody looks.
  public func isWanted(_ ticket: PublishTicket, now: Instant) -> Bool {
    guard let slot = slots[ticket.recipient], let state = states[Int(slot.index)] else { return false }
    return state.epoch == ticket.base.epoch && state.attention.isLooking(now)
  }

  private mutating func publish(_ batch: Batch<NewsItem>, now: Instant, _ actions: inout [PushAction]) {
    guard let state = states[Int(batch.slot.index)], state.slot == batch.slot else { return }
    let aggregate = Aggregate(seq: batch.seq, items: batch.items, reads: batch.receipts)
    let recent = settings.usesConnections ? [] : state.ring.all.filter { $0.seq < batch.seq }
    if !batch.isRetry { states[Int(batch.slot.index)]?.ring.append(aggregate, within: settings.ring) }
    actions.append(
      .publish(
        Publication(
          ticket: PublishTicket(
            channel: settings.channel, recipient: state.user, base: BaseLine(epoch: state.epoch, seq: batch.seq)),
          aggregate: aggregate, recent: recent,
          audience: Audience(state.user, state.attention), isRetry: batch.isRetry)))
  }

  private mutating func remember(_ batch: Batch<NewsItem>) {
    let aggregate = Aggregate(seq: batch.seq, items: batch.items, reads: batch.receipts)
    states[Int(batch.slot.index)]?.ring.append(aggregate, within: settings.ring)
  }
}
