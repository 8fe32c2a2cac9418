import Aggregation
import ChatDomain
import Testing

@Suite struct OutletTests {
  let script = OutletScript()

  @Test("Nobody looking, nothing kept")
  func nobodyLookingNothingKept() {
    #expect(script.send(message(1), at: 0) == [])
    #expect(script.connect(1, at: 1) == ["begin c1 E1 #0"])
    #expect(script.at(100) == [])
  }

  @Test("News goes to every connection under one number")
  func newsGoesToEveryConnectionUnder() {
    _ = script.connect(1, device: 1, at: 0)
    _ = script.connect(2, device: 2, at: 0)
    #expect(script.send(message(1), at: 1) == ["#1 [1] c1 c2"])
    #expect(script.send(message(2), message(3), at: 2) == ["#2 [2 3] c1 c2"])
  }

  @Test("A reconnect within the lease continues by the last event's id")
  func aReconnectWithinTheLeaseContinues() {
    _ = script.connect(1, at: 0)
    _ = script.send(message(1), at: 1)
    let seen = script.base
    _ = script.send(message(2), at: 2)
    _ = script.disconnect(1, at: 3)
    #expect(script.send(message(3), at: 4) == [])
    #expect(script.connect(2, resuming: seen, at: 62) == ["begin c2 E1 #2 replay [2]", "#3 [3] c2"])
  }

  @Test("A reconnect after the lease is told to read again")
  func aReconnectAfterTheLeaseIs() {
    _ = script.connect(1, at: 0)
    _ = script.send(message(1), at: 1)
    let seen = script.base
    _ = script.disconnect(1, at: 3)
    #expect(script.connect(2, resuming: seen, at: 63) == ["begin c2 E2 #0 resync"])
  }

  @Test("What the ring no longer holds is not replayed")
  func whatTheRingNoLongerHolds() {
    var settings = OutletSettings.stream
    settings.ring = RingLimits(aggregates: 2)
    let script = OutletScript(settings)
    _ = script.connect(1, at: 0)
    let start = script.base
    for number in 1...3 { _ = script.send(message(number), at: 1) }
    #expect(script.connect(2, resuming: start, at: 2) == ["cut c1 replaced", "begin c2 E1 #3 resync"])
    let later = start.map { BaseLine(epoch: $0.epoch, seq: 1) }
    #expect(script.connect(3, resuming: later, at: 2) == ["cut c2 replaced", "begin c3 E1 #3 replay [2, 3]"])
    let invented = start.map { BaseLine(epoch: $0.epoch, seq: 9) }
    #expect(script.connect(4, resuming: invented, at: 2) == ["cut c3 replaced", "begin c4 E1 #3 resync"])
  }

  @Test("An eleventh connection is cut")
  func anEleventhConnectionIsCut() {
    for number in 1...10 { _ = script.connect(number, device: number, at: 0) }
    #expect(!script.outlet.mayOpen(.number(11), of: .number(1), now: 0))
    #expect(script.connect(11, device: 11, at: 0) == ["cut c11 tooManyDevices"])
  }

  @Test("A receipt is a hint to whoever is connected")
  func aReceiptIsAHintTo() {
    let mark = ReadMark(chat: .number(1), user: .number(2), upTo: TimeUUID(ticks: 7, tail: 0))
    _ = script.connect(1, at: 0)
    #expect(script.at(1) { $0.deliver(mark, to: .number(1), now: 1, &$1) } == ["read 7 to 1"])
    _ = script.disconnect(1, at: 2)
    #expect(script.at(3) { $0.deliver(mark, to: .number(1), now: 3, &$1) } == [])
    #expect(script.connect(2, at: 4) == ["begin c2 E1 #0"])
    #expect(script.send(message(1), at: 5) == ["#1 [1] c2"])
    #expect(script.publications.last?.aggregate.reads == [mark])
  }

  @Test("Dropped news ends the epoch under live leases, and the new base line is told")
  func droppedNewsEndsTheEpochUnder() {
    _ = script.connect(1, at: 0)
    _ = script.send(message(1), at: 1)
    #expect(script.at(2) { $0.dropped([.number(1), .number(2)], now: 2, &$1) } == ["resync E2 #0"])
    #expect(script.send(message(3), at: 3) == ["#1 [3] c1"])
  }

  @Test("With nobody connected too much news is numbered, and the ring forgets")
  func withNobodyConnectedTooMuchNews() {
    var settings = OutletSettings.stream
    settings.limits = AggregatorLimits(messages: 2)
    settings.ring = RingLimits(aggregates: 2)
    let script = OutletScript(settings)
    _ = script.connect(1, at: 0)
    let seen = script.base
    _ = script.disconnect(1, at: 0)
    for number in 1...5 { #expect(script.send(message(number), at: 1) == []) }
    #expect(script.connect(2, resuming: seen, at: 2) == ["begin c2 E1 #2 replay [1, 2]", "#3 [5] c2"])
    _ = script.disconnect(2, at: 3)
    for number in 6...12 { _ = script.send(message(number), at: 3) }
    #expect(script.connect(3, resuming: seen, at: 4) == ["begin c3 E1 #6 resync", "#7 [12] c3"])
  }

  @Test("Ending the last lease ends the epoch at once")
  func endingTheLastLeaseEndsThe() {
    let script = OutletScript(.mailbox)
    #expect(script.renew(at: 0)?.epoch == "E1")
    _ = script.at(1) { $0.end(device: .number(1), of: .number(1), now: 1, &$1) }
    #expect(script.base == nil)
    #expect(script.renew(at: 2)?.epoch == "E2")
  }

  @Test("On a mailbox the viewed chat goes at once and others wait ten seconds")
  func onAMailboxTheViewedChat() {
    let script = OutletScript(.mailbox)
    script.renew(viewing: [1], at: 0)
    #expect(script.send(message(1, in: 1), at: 1) == ["#1 [1]"])
    #expect(script.send(message(2, in: 2), at: 2) == [])
    #expect(script.outlet.wakeAt() == 12)
    #expect(script.at(.seconds(11.999)) == [])
    #expect(script.at(12) == ["#2 [2]"])
    #expect(script.send(message(3, in: 2), at: 13) == [])
    script.renew(viewing: [2], at: 14)
    #expect(script.publications.last?.aggregate.seq == 3)
  }

  @Test("A refusal ends the epoch")
  func aRefusalEndsTheEpoch() {
    let script = OutletScript(.mailbox, settlesAtOnce: false)
    script.renew(viewing: [1], at: 0)
    _ = script.send(message(1), at: 1)
    let ticket = script.publications[0].ticket
    #expect(script.outlet.isWanted(ticket, now: 1))
    _ = script.at(2) { $0.settled(ticket, .refused, now: 2, &$1) }
    #expect(script.base == nil)
    #expect(!script.outlet.isWanted(ticket, now: 2))
  }

  @Test("A failed push comes again with the same number, ever more slowly")
  func aFailedPushComesAgainWith() {
    let script = OutletScript(.mailbox, settlesAtOnce: false)
    script.renew(viewing: [1], at: 0)
    _ = script.send(message(1), at: 1)
    var retries: [Instant] = []
    var now: Instant = 1
    for _ in 1...5 {
      _ = script.at(now) { $0.settled(script.publications[0].ticket, .failed, now: now, &$1) }
      now = script.outlet.wakeAt() ?? .never
      retries.append(now)
      #expect(script.at(now) == ["#1 [1]"])
    }
    // About 1, 2, 4, 8 and 15 seconds apart, and not in step with others.
    var before: Instant = 1
    for (retry, seconds) in zip(retries, [1.0, 2, 4, 8, 15]) {
      let gap = Double((retry - before).nanoseconds) / 1e9
      #expect(gap >= seconds && gap < seconds * 1.25)
      before = retry
    }
  }

  @Test("A mailbox gets the aggregates before it along, up to its byte limit")
  func aMailboxGetsTheAggregatesBefore() {
    let script = OutletScript(.mailbox)
    script.renew(viewing: [1], at: 0)
    for number in 1...20 { _ = script.send(message(number), at: .seconds(Double(number))) }
    let last = script.publications.last
    #expect(last?.recent.last?.seq == 19)
    #expect((last?.recent.reduce(0) { $0 + $1.bytes } ?? .max) <= 4_096)
  }

  @Test("Other windows hold for what comes from then on")
  func otherWindowsHoldForWhatComes() {
    let script = OutletScript(.mailbox)
    script.renew(viewing: [1], at: 0)
    #expect(script.send(message(1), at: 1) == ["#1 [1]"])
    let wide = Windows(viewing: .leading(.seconds(60)), elsewhere: .fixed(.seconds(60)))
    #expect(script.at(2) { outlet, _ in outlet.use(wide) } == [])
    #expect(script.send(message(2), at: 3) == [])
    script.renew(viewing: [1], at: 30)
    #expect(script.at(60) == [])
    #expect(script.at(61) == ["#2 [2]"])
  }

  @Test("At shutdown whatever waits goes")
  func atShutdownWhateverWaitsGoes() {
    let script = OutletScript(.mailbox)
    script.renew(at: 0)
    _ = script.send(message(1), at: 1)
    #expect(script.at(2) { $0.finish(now: 2, &$1) } == ["#1 [1]"])
  }

  @Test("No more recipients get state than the limit")
  func noMoreRecipientsGetStateThan() {
    var settings = OutletSettings.stream
    settings.recipients = 0
    let script = OutletScript(settings)
    #expect(script.renew(at: 0)?.epoch == nil)
    #expect(script.connect(1, at: 0) == ["cut c1 tooManyDevices"])
  }
}
