import Aggregation
import ChatDomain

/// Caravan itself: the push role's own `Outlet`, with leases that begin and end as people look.
struct MailboxReplay {
  private(set) var outcome: PolicyOutcome
  private let traffic: Traffic
  private let looks: Looks
  private var outlet: Outlet
  private var now = Instant.distantPast
  private var actions: [PushAction] = []
  private var nextChange = 0
  /// By person: the chats that they look at, the latest last.
  private var viewing: [[Int32]]
  /// By person: until when the app keeps listening without them.
  private var attachedUntil: [Int64]
  private let stayingAttached: Int64
  /// By seat: the present look, or the last.
  private var spans: [(begin: Int64, end: Int64)]
  private static let noLook: (begin: Int64, end: Int64) = (.max, .min)
  /// Texts by their size.
  private var texts: [Int32: String] = [:]

  init(_ traffic: Traffic, _ looks: Looks, rule: LookingRule, policy: PlannedPolicy, windows: Windows) {
    outcome = PolicyOutcome(policy, messages: traffic.messageCount)
    self.traffic = traffic
    self.looks = looks
    var settings = OutletSettings.mailbox
    settings.windows = windows
    settings.recipients = .max
    // Leases end with the look, not by time.
    settings.terms = LeaseTerms(duration: TimeSpan(nanoseconds: .max), spacing: .zero)
    outlet = Outlet(settings, seed: 1)
    viewing = Array(repeating: [], count: traffic.personCount)
    attachedUntil = Array(repeating: .min, count: traffic.personCount)
    stayingAttached = rule.stayingAttached
    spans = Array(repeating: MailboxReplay.noLook, count: traffic.seats.count)
  }

  mutating func run(progress: (Int) -> Void) {
    for (index, send) in traffic.sends.enumerated() {
      if index & 0x3FFF == 0 { progress(index) }
      changeLooks(before: send.time)
      advance(to: Instant(milliseconds: send.time))
      deliver(send, index)
      outlet.advance(now: now, &actions)
      carryOut()
    }
    changeLooks(before: .max)
  }

  private mutating func deliver(_ send: Traffic.Send, _ index: Int) {
    let sender = traffic.seats[Int(send.seat)].person
    let item = NewsItem(
      message: Message(
        id: TimeUUID(ticks: UInt64(index), tail: 0), chat: .number(send.chat), sender: .number(sender),
        text: text(of: send.size)),
      senderDevice: .number(sender), acceptedAt: UInt64(bitPattern: send.time))
    for seat in traffic.seatsOfChat[Int(send.chat)] {
      outlet.deliver(item, to: .number(traffic.seats[Int(seat)].person), now: now, &actions)
    }
  }

  /// Only its size matters: beyond what news carries all sizes are the same.
  private mutating func text(of size: Int32) -> String {
    let size = min(size, Int32(ChatLimits.newsTextBytes) + 1)
    if let text = texts[size] { return text }
    let text = String(repeating: "x", count: Int(size))
    texts[size] = text
    return text
  }

  /// Looks begin before what happens at the same moment, and end after it.
  private mutating func changeLooks(before time: Int64) {
    while nextChange < looks.changes.count {
      let change = looks.changes[nextChange]
      guard change.time < time || (change.time == time && change.begins) else { return }
      nextChange += 1
      advance(to: Instant(milliseconds: change.time))
      apply(change)
      outlet.advance(now: now, &actions)
      carryOut()
    }
  }

  private mutating func apply(_ change: Looks.Change) {
    let seat = traffic.seats[Int(change.seat)]
    let person = Int(seat.person)
    if change.begins {
      spans[Int(change.seat)] = (change.time, .max)
      if viewing[person].isEmpty, attachedUntil[person] < change.time {
        outcome.attachReads += 1
        outcome.operations.reads += 1
      }
      viewing[person].append(seat.chat)
    } else {
      spans[Int(change.seat)].end = change.time
      viewing[person].removeAll { $0 == seat.chat }
    }
    let user = UserID.number(seat.person)
    if viewing[person].isEmpty {
      attachedUntil[person] = stayingAttached > 0 ? change.time + stayingAttached : .min
      outlet.end(device: .number(seat.person), of: user, now: now, &actions)
    } else {
      let latest = viewing[person].suffix(ChatLimits.viewedChats).map { ChatID.number($0) }
      let lease = Lease(user: user, device: .number(seat.person), channel: .firestore, viewing: latest)
      _ = outlet.renew(lease, now: now, &actions)
    }
  }

  private mutating func advance(to time: Instant) {
    while let wake = outlet.wakeAt(), wake <= time {
      now = max(now, wake)
      outlet.advance(now: now, &actions)
      carryOut()
    }
    now = time
  }

  /// Each publication is one write of a mailbox, which the recipient's device reads.
  private mutating func carryOut() {
    while !actions.isEmpty {
      var work: [PushAction] = []
      swap(&work, &actions)
      for action in work {
        switch action {
        case .publish(let publication):
          outcome.operations += .write(heardBy: 1)
          note(publication)
          outlet.settled(publication.ticket, .published, now: now, &actions)
        case .announce: outcome.operations += .write(heardBy: 1)
        case .begin, .hint, .cut: break
        }
      }
      outlet.advance(now: now, &actions)
    }
  }

  private mutating func note(_ publication: Publication) {
    let recipient = publication.ticket.recipient
    let person = Int32(truncatingIfNeeded: recipient.bits.low)
    for item in publication.aggregate.items where item.message.sender != recipient {
      let sentAt = Int64(bitPattern: item.acceptedAt)
      let delay = now.milliseconds - sentAt
      let seat = traffic.seat(of: person, in: Int32(truncatingIfNeeded: item.message.chat.bits.low))
      let span = seat.map { spans[Int($0)] } ?? MailboxReplay.noLook
      if span.begin <= sentAt, sentAt <= span.end {
        outcome.seenDelays.add(delay)
      } else {
        outcome.otherDelays.add(delay)
      }
    }
  }
}

extension Identifier {
  fileprivate static func number(_ number: Int32) -> Identifier {
    Identifier(UUIDBits(high: 0x4000, low: UInt64(number)))
  }
}
