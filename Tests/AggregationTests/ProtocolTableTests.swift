import Aggregation
import ChatDomain
import Testing

/// Rows of the protocol's last table that concern the push role of the embedded form. The rest of each row is a client's, and runs in `ModelTests`.
@Suite struct ProtocolTableTests {
  @Test("Two devices' leases end, one message is dropped, one device returns, news goes on, then the other")
  func twoDevicesLeasesEndOneMessage() {
    let script = OutletScript(.mailbox)
    let first = script.renew(device: 1, viewing: [1], at: 0)
    #expect(script.renew(device: 2, viewing: [1], at: 0)?.epoch == first?.epoch)
    #expect(script.send(message(1), at: 61) == [])
    #expect(script.renew(device: 2, viewing: [1], at: 62)?.epoch == "E2")
    #expect(script.send(message(2), at: 63) == ["#1 [2]"])
    // Not the epoch it knew: it reads again.
    let answer = script.renew(device: 1, viewing: [1], at: 64)
    #expect(answer?.epoch == "E2" && answer?.seq == 1)
  }

  @Test("A lease ends, a message is dropped, the renewal's answer is overtaken by the next news, or lost")
  func aLeaseEndsAMessageIs() {
    let script = OutletScript(.mailbox)
    script.renew(viewing: [1], at: 0)
    let before = script.base
    #expect(script.send(message(1), at: 60) == [])
    // Its answer is late or lost: the news itself shows another epoch.
    script.renew(viewing: [1], at: 61)
    _ = script.send(message(2), at: 62)
    #expect(script.publications.last?.ticket.base.epoch != before?.epoch)
    #expect(script.publications.last?.aggregate.seq == 1)
  }

  @Test("A lease counts as ended at its instant, whether or not the timer has run")
  func aLeaseCountsAsEndedAt() {
    let script = OutletScript(.mailbox)
    script.renew(viewing: [1], at: 0)
    #expect(script.renew(viewing: [1], at: 60)?.epoch == "E2")
  }

  @Test("The sender's 201 was lost and its device's write withheld; then its other device looks")
  func theSenderS201WasLost() {
    let script = OutletScript(.mailbox)
    script.renew(device: 1, viewing: [1], at: 0)
    #expect(script.send(message(1, from: 1, device: 1), at: 1) == [])
    #expect(script.at(30) == [])
    let answer = script.renew(device: 2, at: 31)
    // Due as soon as another device leases, in the other's window: it views nothing, the first one views the chat.
    #expect(answer?.seq == 0)
    #expect(script.publications.map { $0.aggregate.items.map(\.number) } == [[1]])
  }

  @Test("A withheld message rides in the next document")
  func aWithheldMessageRidesInThe() {
    let script = OutletScript(.mailbox)
    script.renew(device: 1, viewing: [1], at: 0)
    _ = script.send(message(1, from: 1, device: 1), at: 1)
    #expect(script.send(message(2, from: 2, device: 7), at: 2) == ["#1 [1 2]"])
  }

  @Test("A send without a key names no device and is never withheld")
  func aSendWithoutAKeyNames() {
    let script = OutletScript(.mailbox)
    script.renew(device: 1, viewing: [1], at: 0)
    #expect(script.send(message(1, from: 1), at: 1) == ["#1 [1]"])
  }

  @Test("The sender's own streams get its messages too")
  func theSenderSOwnStreamsGet() {
    let script = OutletScript()
    _ = script.connect(1, device: 1, at: 0)
    #expect(script.send(message(1, from: 1, device: 1), at: 1) == ["#1 [1] c1"])
  }

  @Test("One recipient's mailbox fails for ever")
  func oneRecipientSMailboxFailsFor() {
    let script = OutletScript(.mailbox, settlesAtOnce: false)
    var now: Instant = 0
    script.renew(viewing: [1], at: now)
    _ = script.send(message(1), at: now)
    while script.base != nil, now < 200 {
      script.renew(viewing: [1], at: now)
      if let ticket = script.publications.last?.ticket {
        _ = script.at(now) { $0.settled(ticket, .failed, now: now, &$1) }
      }
      guard let next = script.outlet.wakeAt() else { break }
      now = next
      _ = script.at(now)
    }
    #expect(now >= 60 && now <= 76)
    #expect(Set(script.publications.map(\.aggregate.seq)) == [1])
    #expect(script.renew(viewing: [1], at: now + .seconds(1))?.epoch == "E2")
  }

  @Test(
    "The first attempt of a mailbox write lands after its retry and the next aggregate; a paused worker wakes up")
  func theFirstAttemptOfAMailbox() {
    let script = OutletScript(.mailbox, settlesAtOnce: false)
    script.renew(viewing: [1], at: 0)
    _ = script.send(message(1), at: 1)
    let first = script.publications[0].ticket
    _ = script.at(2) { $0.settled(first, .failed, now: 2, &$1) }
    #expect(script.send(message(2), at: 2) == [])
    #expect(script.at(.seconds(3.3)) == ["#1 [1]"])
    #expect(script.at(4) { $0.settled(first, .published, now: 4, &$1) } == ["#2 [2]"])
    // The number makes the late answer of the first attempt harmless.
    #expect(script.at(5) { $0.settled(first, .failed, now: 5, &$1) } == [])
    #expect(script.base?.seq == 2)
  }

  @Test(
    "B's M4 commits; A posts M5 and has 201(M5); kill -9 before M4 is pushed; A's head says M5: the next lease has another epoch"
  )
  func m4CommitsM5IsAnsweredKill() {
    let before = OutletScript(.mailbox, seed: 1)
    before.renew(at: 0)
    let after = OutletScript(.mailbox, seed: 2)
    after.renew(at: 1)
    #expect(before.base?.epoch != after.base?.epoch)
  }

  /// Embedded nothing is taken over; but what a shard has lost ends the epochs in the same way.
  @Test("The partition moves while a quiet recipient looks: every live lease is told at once")
  func thePartitionMovesWhileAQuiet() {
    let script = OutletScript()
    _ = script.connect(1, at: 0)
    #expect(script.at(1) { $0.droppedForAll(now: 1, &$1) } == ["resync E2 #0"])
    let mailbox = OutletScript(.mailbox)
    mailbox.renew(at: 0)
    #expect(mailbox.at(1) { $0.droppedForAll(now: 1, &$1) } == ["resync E2 #0"])
  }

  @Test("A gap inside an epoch: chats caught up before it are not caught up after it; the server's numbers have none")
  func aGapInsideAnEpochNumbers() {
    let script = OutletScript()
    _ = script.connect(1, at: 0)
    for number in 1...9 { _ = script.send(message(number), at: .seconds(Double(number))) }
    #expect(script.publications.map(\.aggregate.seq) == Array(1...9))
  }
}
