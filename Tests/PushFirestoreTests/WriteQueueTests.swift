import Aggregation
import ChatDomain
import Testing

@testable import PushFirestore

@Suite("The queue of mailbox writes")
struct WriteQueueTests {
  private var settings = FirestoreSettings(root: root)

  private func users(_ writes: [MailboxWrite]) -> [UInt64] { writes.map { $0.ticket.recipient.bits.low & 0xFF } }

  @Test("Several recipients' writes travel in one request, in order of arrival")
  func batches() {
    var settings = settings
    settings.writesPerRequest = 2
    var queue = WriteQueue(settings, now: .seconds(0))
    for user in 1...3 { #expect(queue.put(write(to: user, settings), now: .seconds(0)) == nil) }
    #expect(users(queue.take(now: .seconds(0))) == [1, 2])
    #expect(users(queue.take(now: .seconds(0))) == [3])
    #expect(queue.take(now: .seconds(0)).isEmpty)
  }

  @Test("A document is written at most once a second, and not while a write of it is under way")
  func spacing() {
    var queue = WriteQueue(settings, now: .seconds(0))
    _ = queue.put(write(to: 1, seq: 1, settings), now: .seconds(0))
    let first = queue.take(now: .seconds(0))
    _ = queue.put(write(to: 1, seq: 2, settings), now: .seconds(0.1))
    #expect(queue.take(now: .seconds(0.15)).isEmpty)
    queue.answered(first[0], isAgain: false, now: .seconds(0.2))
    #expect(queue.take(now: .seconds(0.9)).isEmpty)
    #expect(queue.wakeAt(now: .seconds(0.9)) == .seconds(1))
    #expect(queue.take(now: .seconds(1)).map(\.ticket.base.seq) == [2])
  }

  @Test("A later write of a recipient takes the place of the one that waits")
  func replaces() {
    var queue = WriteQueue(settings, now: .seconds(0))
    _ = queue.put(write(to: 1, seq: 1, settings), now: .seconds(0))
    let displaced = queue.put(write(to: 1, seq: 2, settings), now: .seconds(0))
    #expect(displaced?.ticket.base.seq == 1)
    #expect(queue.take(now: .seconds(0)).map(\.ticket.base.seq) == [2])
  }

  @Test("A full queue gives the write back")
  func bounded() {
    var settings = settings
    settings.waiting = 1
    var queue = WriteQueue(settings, now: .seconds(0))
    _ = queue.put(write(to: 1, settings), now: .seconds(0))
    #expect(queue.put(write(to: 2, settings), now: .seconds(0))?.ticket.recipient == .number(2))
  }

  @Test("A base line that failed goes again, unless something later waits")
  func again() {
    var queue = WriteQueue(settings, now: .seconds(0))
    let ticket = PublishTicket(
      channel: .firestore, recipient: .number(1), base: BaseLine(epoch: Epoch(bits: 1), seq: 0))
    let base = MailboxWrite(
      .base, ticket: ticket, audience: Audience(recipient: .number(1), connections: [], devices: 1), settings)
    _ = queue.put(base, now: .seconds(0))
    queue.answered(queue.take(now: .seconds(0))[0], isAgain: true, now: .seconds(0))
    #expect(queue.take(now: .seconds(1)).isEmpty)
    let second = queue.take(now: .seconds(2.5))
    #expect(second.map(\.attempt.isRetry) == [true])
    _ = queue.put(write(to: 1, settings), now: .seconds(2.5))
    queue.answered(second[0], isAgain: true, now: .seconds(2.6))
    #expect(queue.take(now: .seconds(3.5)).map(\.isPublication) == [true])
    #expect(!queue.isEmpty)
  }

  @Test("No more is written than the ramp allows, and it grows by half every five minutes")
  func ramp() {
    var ramp = RampUp(RampUp.Terms(), now: .seconds(0))
    #expect(ramp.allowance(now: .seconds(0)) == 500)
    ramp.take(500)
    #expect(ramp.allowance(now: .seconds(0)) == 0)
    #expect(ramp.allowance(now: .seconds(0.5)) == 250)
    #expect(ramp.allowance(now: .seconds(299)) == 500)
    #expect(ramp.allowance(now: .seconds(301)) == 750)
    // After a rest it begins anew.
    #expect(ramp.allowance(now: .seconds(301 + 1_800)) == 500)
  }
}
