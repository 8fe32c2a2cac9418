import Aggregation
import ChatDomain
import DequeModule
import HeapModule

/// Writes that wait, as a value: at most one a recipient, in order of arrival, none sooner than a document bears it, and no more a second than the ramp allows.
///
/// A later write of a recipient replaces the one that waits: by the contract of `PushChannel` that happens only when the epoch of the earlier one is over.
struct WriteQueue: Sendable {
  private struct Timed: Comparable, Sendable {
    let at: Instant
    let recipient: UserID
    static func < (a: Timed, b: Timed) -> Bool { a.at < b.at }
  }

  private var writes: [UserID: MailboxWrite] = [:]
  /// Recipients whose write may go; each is listed once, here or in `later`.
  private var line: Deque<UserID> = []
  private var later = Heap<Timed>()
  private var underWay: Set<UserID> = []
  /// When a document may be written again, while that lies ahead.
  private var spaced: [UserID: Instant] = [:]
  private var spacedInOrder: Deque<Timed> = []
  private var ramp: RampUp
  private let settings: FirestoreSettings

  private static let slowestRetry = TimeSpan.seconds(15)

  init(_ settings: FirestoreSettings, now: Instant) {
    self.settings = settings
    ramp = RampUp(settings.ramp, now: now)
  }

  var isEmpty: Bool { writes.isEmpty && underWay.isEmpty }
  var count: Int { writes.count }

  /// - Returns: the write whose place it took, or itself where the queue is full.
  mutating func put(_ write: MailboxWrite, now: Instant) -> MailboxWrite? {
    let recipient = write.ticket.recipient
    if let waiting = writes[recipient] {
      writes[recipient] = write
      return waiting
    }
    guard writes.count < settings.waiting else { return write }
    writes[recipient] = write
    if !underWay.contains(recipient) { list(recipient, now: now) }
    return nil
  }

  /// Writes for one request; they are under way until `answered`.
  mutating func take(now: Instant) -> [MailboxWrite] {
    while let first = later.min, first.at <= now {
      _ = later.popMin()
      line.append(first.recipient)
    }
    var batch: [MailboxWrite] = []
    let limit = min(settings.writesPerRequest, ramp.allowance(now: now))
    while batch.count < limit, let recipient = line.popFirst() {
      guard let write = writes.removeValue(forKey: recipient) else { continue }
      underWay.insert(recipient)
      space(recipient, now: now)
      batch.append(write)
    }
    ramp.take(batch.count)
    return batch
  }

  /// - Parameter isAgain: it failed, and goes again unless a later one waits.
  mutating func answered(_ write: MailboxWrite, isAgain: Bool, now: Instant) {
    let recipient = write.ticket.recipient
    underWay.remove(recipient)
    if isAgain, writes[recipient] == nil, writes.count < settings.waiting {
      let again = write.again
      writes[recipient] = again
      // Twice as long each time, and those that failed together do not come together.
      let pause = min(WriteQueue.slowestRetry, TimeSpan.seconds(1 << min(again.failures, 4)))
      let spread = Int64(truncatingIfNeeded: recipient.bits.low % 1_024) * pause.nanoseconds / 4_096
      later.insert(Timed(at: now + TimeSpan(nanoseconds: pause.nanoseconds + spread), recipient: recipient))
    } else if writes[recipient] != nil {
      list(recipient, now: now)
    }
  }

  /// When `take` may have something that it has not now; nil if nothing waits for the time.
  func wakeAt(now: Instant) -> Instant? {
    line.isEmpty ? later.min?.at : ramp.nextAt(now: now)
  }

  private mutating func list(_ recipient: UserID, now: Instant) {
    if let at = spaced[recipient], at > now {
      later.insert(Timed(at: at, recipient: recipient))
    } else {
      line.append(recipient)
    }
  }

  private mutating func space(_ recipient: UserID, now: Instant) {
    while let first = spacedInOrder.first, first.at <= now {
      spacedInOrder.removeFirst()
      if spaced[first.recipient] == first.at { spaced[first.recipient] = nil }
    }
    let at = now + settings.documentSpacing
    spaced[recipient] = at
    spacedInOrder.append(Timed(at: at, recipient: recipient))
  }
}
