import Aggregation
import ChatDomain

/// Windows that know nothing of who looks: one aggregate for each chat, or each chat and sender.
struct WindowReplay {
  private struct Item: AggregatorItem {
    let message: Int32
    let group: Int32
    var bytes: Int { 0 }
  }

  private(set) var outcome: PolicyOutcome
  private let traffic: Traffic
  private let looks: Looks
  private let window: WindowPolicy
  private let perSender: Bool
  private var aggregator = Aggregator<Item>(limits: AggregatorLimits(messages: 10_000))
  /// By chat or by seat.
  private var slots: [SlotID?]
  /// The latest message of each chat that was written.
  private var written: [Int32]
  private var now = Instant.distantPast

  init(_ traffic: Traffic, _ looks: Looks, policy: PlannedPolicy, window: WindowPolicy, perSender: Bool) {
    outcome = PolicyOutcome(policy, messages: traffic.messageCount)
    self.traffic = traffic
    self.looks = looks
    self.window = window
    self.perSender = perSender
    slots = Array(repeating: nil, count: perSender ? traffic.seats.count : traffic.chatCount)
    written = Array(repeating: -1, count: traffic.chatCount)
  }

  mutating func run(progress: (Int) -> Void) {
    for (index, send) in traffic.sends.enumerated() {
      if index & 0x3FFF == 0 { progress(index) }
      // Whoever arrives exactly at a deadline comes after that flush.
      advance(to: Instant(milliseconds: send.time))
      let key = Int(perSender ? send.seat : send.chat)
      let slot = slots[key] ?? aggregator.open()
      slots[key] = slot
      let item = Item(message: Int32(index), group: send.chat)
      if !aggregator.add(item, to: slot, under: window, now: now) {
        // So full that nothing more is taken: it is complete.
        aggregator.finish(slot, now: now)
        flush()
        _ = aggregator.add(item, to: slot, under: window, now: now)
      }
      flush()
    }
    advance(to: .never)
  }

  private mutating func advance(to time: Instant) {
    while let wake = aggregator.wakeAt(), wake <= time, wake != .never {
      now = max(now, wake)
      flush()
    }
    if time != .never { now = time }
  }

  private mutating func flush() {
    while let batch = aggregator.nextDue(now: now) {
      guard let first = batch.items.first, let last = batch.items.last else { continue }
      let chat = Int(first.group)
      outcome.operations += .write(heardBy: traffic.members(of: first.group))
      for item in batch.items {
        let message = Int(item.message)
        let delay = now.milliseconds - traffic.sends[message].time
        if looks.isSeen[message] { outcome.seenDelays.add(delay) } else { outcome.otherDelays.add(delay) }
        if item.message < written[chat] { outcome.reordered += 1 }
      }
      written[chat] = max(written[chat], last.message)
      aggregator.published(batch.slot, seq: batch.seq, now: now)
    }
  }
}

extension Instant {
  init(milliseconds: Int64) { self.init(nanoseconds: milliseconds * 1_000_000) }

  var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
