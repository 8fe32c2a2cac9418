import ChatDomain

/// Counts what Firestore bills, where it happens, and what the two simple designs would have paid for the same traffic.
///
/// It holds only what was counted since the last `drain`; a store adds that to what it has, so that several meters share one row a day. What Caravan does itself is
/// exact; what listeners read is expected from the leases and kept apart, because a client may attach as often as it likes.
public struct Meter: Sendable {
  /// Days that are kept until they are drained; with more, the two oldest become one.
  public static let heldDays = 16

  private var ratchet: DayRatchet
  private var figures = DayFigures()
  private var past: [(day: BillingDay, figures: DayFigures)] = []
  private var windows = WindowCounter()

  public init(now: Timestamp) { ratchet = DayRatchet(now) }

  public var day: BillingDay { ratchet.day }

  /// A message was accepted.
  /// - Parameters:
  ///   - members: of the chat, the sender among them.
  ///   - deliveries: recipients for whom it is news.
  public mutating func accepted(in chat: ChatID, from sender: UserID, members: Int, deliveries: Int, now: Timestamp) {
    turn(now)
    figures.messages += 1
    figures.deliveries += Int64(deliveries)
    figures.perMessage += .write(heardBy: members)
    if windows.add(chat: chat, sender: sender, now: now) { figures.perWindow += .write(heardBy: members) }
  }

  /// Nobody looked on behalf of so many recipients of a message.
  public mutating func suppressed(_ recipients: Int = 1, now: Timestamp) {
    turn(now)
    figures.suppressed += Int64(recipients)
  }

  /// A write is about to be made. To be called before it.
  public mutating func attempted(isRetry: Bool, now: Timestamp) {
    turn(now)
    figures.attempts += 1
    if isRetry { figures.retries += 1 }
  }

  /// A write has arrived.
  /// - Parameters:
  ///   - messages: that it carried.
  ///   - devices: with a lease on the mailbox; each is expected to read it once.
  public mutating func succeeded(carrying messages: Int, devices: Int, now: Timestamp) {
    turn(now)
    figures.successes += 1
    figures.carried += Int64(messages)
    figures.listenerReads += Int64(devices)
  }

  /// A device has taken a lease that it did not have: it is expected to attach, and to read the mailbox once.
  public mutating func attached(now: Timestamp) {
    turn(now)
    figures.attachReads += 1
  }

  /// The budget did not allow an attempt or a lease.
  public mutating func refused(now: Timestamp) {
    turn(now)
    figures.refused += 1
  }

  /// Caravan itself has read documents.
  public mutating func read(_ documents: Int, now: Timestamp) {
    turn(now)
    figures.ownReads += Int64(documents)
  }

  /// What was counted since the last call, oldest day first; days without anything are left out. To be added to what is stored.
  public mutating func drain() -> [(day: BillingDay, figures: DayFigures)] {
    defer {
      past = []
      figures = DayFigures()
    }
    return snapshot()
  }

  /// What `drain` would give.
  public func snapshot() -> [(day: BillingDay, figures: DayFigures)] {
    (past + [(day, figures)]).filter { $0.figures != DayFigures() }
  }

  /// Takes back what could not be stored.
  public mutating func restore(_ drained: [(day: BillingDay, figures: DayFigures)]) {
    for (day, part) in drained { add(part, on: day) }
  }

  private mutating func turn(_ now: Timestamp) {
    let before = ratchet.day
    guard ratchet.advance(to: now) else { return }
    if figures != DayFigures() { add(figures, on: before) }
    figures = DayFigures()
  }

  private mutating func add(_ part: DayFigures, on day: BillingDay) {
    if day == ratchet.day {
      figures += part
    } else if let place = past.firstIndex(where: { $0.day == day }) {
      past[place].figures += part
    } else {
      past.append((day, part))
      past.sort { $0.day < $1.day }
      if past.count > Meter.heldDays {
        past[1].figures += past[0].figures
        past.removeFirst()
      }
    }
  }
}
