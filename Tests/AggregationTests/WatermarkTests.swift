import Aggregation
import Testing

@Suite struct WatermarkTests {
  @Test("A position may be committed once everything up to it is done")
  func aPositionMayBeCommittedOnce() {
    var mark = Watermark()
    for position in [3, 5, 6, 9] as [Int64] { #expect(mark.received(position) == true) }
    mark.done(5)
    mark.done(9)
    #expect(mark.committable == nil)
    mark.done(3)
    #expect(mark.committable == 5)
    mark.done(6)
    #expect(mark.committable == 9)
    #expect(mark.count == 0)
  }

  @Test("Positions rise, and each is done once")
  func positionsRiseAndEachIsDone() {
    var mark = Watermark()
    #expect(mark.received(4) == true)
    #expect(mark.received(4) == false)
    #expect(mark.received(3) == false)
    #expect(mark.done(4) == true)
    #expect(mark.done(4) == false)
    #expect(mark.done(7) == false)
    #expect(mark.received(4) == false)
  }

  @Test("A full ledger takes no more")
  func aFullLedgerTakesNoMore() {
    var mark = Watermark(limit: 2)
    #expect(mark.received(1) == true)
    #expect(mark.received(2) == true)
    #expect(mark.received(3) == false)
    mark.done(1)
    #expect(!mark.isFull)
    #expect(mark.received(3) == true)
  }

  @Test("A completion that comes after the revoke is ignored, also when the partition is back")
  func aCompletionThatComesAfterThe() throws {
    var ledger = OffsetLedger()
    ledger.assigned(1)
    let oldFound = ledger.received(10, of: 1)
    let old = try #require(oldFound)
    #expect(ledger.revoked(1) == nil)
    #expect(ledger.done(old) == false)
    ledger.assigned(1)
    let newFound = ledger.received(10, of: 1)
    let new = try #require(newFound)
    #expect(ledger.done(old) == false)
    #expect(ledger.committable(1) == nil)
    #expect(ledger.done(new) == true)
    #expect(ledger.committable(1) == 10)
  }

  @Test("The watermark never passes an unfinished position", arguments: 0..<200)
  func theWatermarkNeverPassesAnUnfinished(seed: Int) {
    var dice = Dice(seed)
    var ledger = OffsetLedger(limit: 20)
    ledger.assigned(0)
    var open: [OffsetLedger.Token] = []
    var isDone: [Int64: Bool] = [:]
    var next: Int64 = 0
    for _ in 0..<300 {
      switch dice.below(20) {
      case 0:
        ledger.revoked(0)
        ledger.assigned(0)
        isDone = [:]
      case 1..<10:
        next += Int64(1 + dice.below(3))
        if let token = ledger.received(next, of: 0) {
          open.append(token)
          isDone[next] = false
        }
      default:
        guard !open.isEmpty else { continue }
        let token = open.remove(at: dice.below(open.count))
        if ledger.done(token) { isDone[token.position] = true }
      }
      let prefix = isDone.keys.sorted().prefix { isDone[$0] == true }.last
      #expect(ledger.committable(0) == prefix, "seed \(seed)")
    }
  }
}
