import ChatDomain
import Foundation
import Testing

@testable import Billing

@Suite struct MeterTests {
  let noon = Timestamp.utc("2026-05-02", 19)
  var meter = Meter(now: .utc("2026-05-02", 19))

  @Test("An attempt is charged before it succeeds, a retry again")
  mutating func anAttemptIsChargedBeforeIt() {
    meter.attempted(isRetry: false, now: noon)
    #expect(meter.today.own == BilledOperations(0, 1))
    meter.attempted(isRetry: true, now: noon)
    meter.succeeded(carrying: 5, devices: 2, now: noon)
    #expect(meter.today.own == BilledOperations(0, 2))
    #expect(meter.today.retries == 1)
    #expect(meter.today.listenerReads == 2)
    #expect(meter.today.merged == 4)
  }

  @Test("What listeners read is kept apart from what Caravan does")
  mutating func whatListenersReadIsKeptApart() {
    meter.attached(now: noon)
    meter.read(3, now: noon)
    #expect(meter.today.own == BilledOperations(3, 0))
    #expect(meter.today.expected == BilledOperations(1, 0))
    #expect(meter.today.total == BilledOperations(4, 0))
  }

  @Test("A document per message takes a write and a read by each member")
  mutating func aDocumentPerMessageTakesA() {
    meter.accepted(in: .number(1), from: .number(1), members: 2, deliveries: 1, now: noon)
    meter.accepted(in: .number(2), from: .number(1), members: 5, deliveries: 4, now: noon)
    #expect(meter.today.perMessage == BilledOperations(7, 2))
  }

  @Test("A window belongs to a chat and a sender, and lasts for three seconds or ten messages")
  mutating func aWindowBelongsToAChat() {
    func send(_ chat: Int, _ sender: Int, _ milliseconds: Int) {
      meter.accepted(in: .number(chat), from: .number(sender), members: 2, deliveries: 1, now: noon + milliseconds)
    }
    for offset in [0, 1_000, 2_999] { send(1, 1, offset) }
    #expect(meter.today.perWindow == BilledOperations(2, 1))
    send(1, 2, 2_999)
    #expect(meter.today.perWindow == BilledOperations(4, 2))
    // A message that arrives exactly at the end comes after it.
    send(1, 1, 3_000)
    #expect(meter.today.perWindow == BilledOperations(6, 3))
    for _ in 0..<11 { send(2, 1, 4_000) }
    #expect(meter.today.perWindow == BilledOperations(10, 5))
  }

  @Test("The window counter equals a plain count, whatever arrives", arguments: 0..<50)
  func theWindowCounterEqualsAPlain(seed: Int) {
    var dice = Dice(seed)
    var counter = WindowCounter()
    var open: [Int: (end: Int, count: Int)] = [:]
    var (now, counted, expected) = (0, 0, 0)
    for _ in 0..<2_000 {
      now += dice.below(600)
      let key = dice.below(4)
      if counter.add(chat: .number(key / 2), sender: .number(key % 2), now: noon + now) { counted += 1 }
      if let window = open[key], now < window.end, window.count < 10 {
        open[key] = (window.end, window.count + 1)
      } else {
        open[key] = (now + 3_000, 1)
        expected += 1
      }
      #expect(counter.openCount <= 40)
    }
    #expect(counted == expected, "seed \(seed)")
  }

  @Test("Days are kept apart, and a clock that is set back does not reopen one")
  mutating func daysAreKeptApartAndA() {
    meter.attempted(isRetry: false, now: noon)
    meter.attempted(isRetry: false, now: noon + 86_400_000)
    meter.attempted(isRetry: false, now: noon)
    let days = meter.drain()
    #expect(days.map(\.day.description) == ["2026-05-02", "2026-05-03"])
    #expect(days.map(\.figures.attempts) == [1, 2])
    #expect(meter.drain().isEmpty)
  }

  @Test("What could not be stored is added to what follows")
  mutating func whatCouldNotBeStoredIs() {
    meter.attempted(isRetry: false, now: noon)
    let drained = meter.drain()
    meter.attempted(isRetry: false, now: noon + 1)
    meter.restore(drained)
    #expect(meter.drain().map(\.figures.attempts) == [2])
  }

  @Test("A meter that nobody drains stays small and loses nothing")
  mutating func aMeterThatNobodyDrainsStays() {
    for day in 0..<100 { meter.attempted(isRetry: false, now: noon + day * 86_400_000) }
    let days = meter.drain()
    #expect(days.count == Meter.heldDays + 1)
    #expect(days.reduce(0) { $0 + $1.figures.attempts } == 100)
  }

  @Test("Figures survive being stored, and parts add up")
  func figuresSurviveBeingStoredAndParts() throws {
    var figures = DayFigures()
    figures.messages = 3
    figures.perWindow = BilledOperations(2, 1)
    let again = try JSONDecoder().decode(DayFigures.self, from: JSONEncoder().encode(figures))
    #expect(again == figures)
    #expect((again + figures).messages == 6)
    #expect((again + figures).perWindow == BilledOperations(4, 2))
  }
}

extension Meter {
  var today: DayFigures { snapshot().last { $0.day == day }?.figures ?? DayFigures() }
}
