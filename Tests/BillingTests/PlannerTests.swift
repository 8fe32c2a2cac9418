import Aggregation
import ChatDomain
import Testing

@testable import Billing

@Suite struct PlannerTests {
  /// (milliseconds, sender) in chat 0, or (milliseconds, sender, chat).
  private func replay(_ sends: [(Int64, Int, Int)], rule: LookingRule = LookingRule()) -> TrafficReplay {
    var traffic = Traffic()
    for (time, sender, chat) in sends { traffic.add(time: time, chat: chat, sender: sender, size: 20) }
    return TrafficReplay(traffic, rule: rule)
  }

  @Test("A document per message takes a write and a read by each member; Google's example is eight, two and two")
  func aDocumentPerMessageTakesA() {
    let replay = replay([(0, 1, 0), (10, 2, 0), (20, 3, 0), (30, 1, 7)])
    #expect(replay.run(.documentPerMessage).operations == BilledOperations(3 * 3 + 2, 4))
    #expect(replay.run(.publishedPattern).operations == BilledOperations(32, 8, 8))
  }

  @Test("Nobody looking, nothing written")
  func nobodyLookingNothingWritten() {
    // Two monologues, an hour apart.
    let outcome = replay([(0, 1, 0), (1_000, 1, 0), (3_600_000, 2, 0)]).run(.caravan(.economical))
    #expect(outcome.operations.writes == 0)
    // Each of the two looked, which costs a read.
    #expect(outcome.operations.reads == 2)
    #expect(outcome.seenDelays.count == 0)
  }

  @Test("Who views the chat gets the first message at once and one write a second")
  func whoViewsTheChatGetsThe() {
    let sends: [(Int64, Int, Int)] = [(0, 2, 0)] + [5_000, 5_300, 5_600, 6_100].map { ($0, 1, 0) }
    let outcome = replay(sends).run(.caravan(.economical))
    // At 5,000, 6,000 and 7,000; 2's own message was read by 1, who looks from 30 s before.
    #expect(outcome.operations.writes == 4)
    #expect(outcome.seenDelays.maxMilliseconds == 900)
    #expect(outcome.seenDelays.count == 5)
    #expect(outcome.seenDelays.meanMilliseconds == 400)
  }

  @Test("A look includes the moments at which it begins and ends")
  func aLookIncludesTheMomentsAt() {
    for (gap, isSeen) in [(60_000, true), (60_001, false)] as [(Int64, Bool)] {
      #expect(replay([(0, 2, 0), (gap, 1, 0)]).looks.isSeen == [false, isSeen])
    }
    for (gap, isSeen) in [(30_000, true), (30_001, false)] as [(Int64, Bool)] {
      #expect(replay([(0, 1, 0), (gap, 2, 0)]).looks.isSeen[0] == isSeen)
    }
  }

  @Test("Who looks at another chat gets it within ten seconds, or with what they get sooner")
  func whoLooksAtAnotherChatGets() {
    // 2 talks with 1 in chat 0; 3 writes to 2 in chat 1, where 2 spoke an hour ago.
    let early: [(Int64, Int, Int)] = [(0, 2, 1), (3_600_000, 2, 0)]
    let alone = replay(early + [(3_601_000, 3, 1)]).run(.caravan(.economical))
    #expect(alone.operations.writes == 1)
    #expect(alone.otherDelays.maxMilliseconds == 10_000)
    let together = replay(early + [(3_601_000, 3, 1), (3_604_000, 1, 0)]).run(.caravan(.economical))
    #expect(together.operations.writes == 2)
    #expect(together.otherDelays.maxMilliseconds == 3_000)
  }

  @Test("An app that stays attached needs no read to look again")
  func anAppThatStaysAttachedNeeds() {
    let sends: [(Int64, Int, Int)] = [(0, 1, 0), (600_000, 1, 0), (4_000_000, 1, 0)]
    let rule = LookingRule(stayingAttached: 1_800_000)
    #expect(replay(sends).run(.caravan(.economical)).attachReads == 3)
    #expect(replay(sends, rule: rule).run(.caravan(.economical)).attachReads == 2)
  }

  @Test("A window counts a message at its very end to the next", arguments: ["fixed:3s", "idle:3s"])
  func aWindowCountsAMessageAt(policy: String) throws {
    let policy = try #require(PlannedPolicy(policy))
    #expect(replay([(0, 1, 0), (2_999, 1, 0)]).run(policy).operations.writes == 1)
    #expect(replay([(0, 1, 0), (3_000, 1, 0)]).run(policy).operations.writes == 2)
  }

  @Test("Windows per sender can put a chat out of order")
  func windowsPerSenderCanPutA() {
    let sends: [(Int64, Int, Int)] = [(0, 1, 0), (100, 2, 0), (2_000, 1, 0)]
    let outcome = replay(sends).run(.window(.idle(.seconds(3)), perSender: true))
    #expect(outcome.operations.writes == 2)
    // 2's goes at 3.1 s, 1's at 5 s: of those one is before 2's.
    #expect(outcome.reordered == 1)
  }

  @Test("The aggregator's windows equal a plain simulation, whatever the traffic", arguments: 0..<40)
  func theAggregatorsWindowsEqualAPlain(seed: Int) {
    var dice = Dice(seed)
    var sends: [(Int64, Int, Int)] = []
    var now: Int64 = 0
    for _ in 0..<1_000 {
      now += Int64(dice.below(1_500))
      sends.append((now, dice.below(2), dice.below(2)))
    }
    let replay = replay(sends)
    for perSender in [true, false] {
      #expect(
        replay.run(.window(.fixed(.seconds(3)), perSender: perSender)).operations.writes
          == plainWindows(sends, perSender: perSender, moves: false, size: .max), "seed \(seed)")
      #expect(
        replay.run(.window(.idle(.seconds(3)), perSender: perSender)).operations.writes
          == plainWindows(sends, perSender: perSender, moves: true, size: 10), "seed \(seed)")
    }
  }

  /// Windows of three seconds.
  private func plainWindows(_ sends: [(Int64, Int, Int)], perSender: Bool, moves: Bool, size: Int) -> Int64 {
    var open: [Int: (end: Int64, count: Int)] = [:]
    var count: Int64 = 0
    for (time, sender, chat) in sends {
      let key = perSender ? chat * 2 + sender : chat
      if let window = open[key], time < window.end, window.count < size {
        open[key] = (moves ? time + 3_000 : window.end, window.count + 1)
      } else {
        open[key] = (time + 3_000, 1)
        count += 1
      }
    }
    return count
  }

  @Test("Dithering keeps the order in a chat and second, and a seed repeats it")
  func ditheringKeepsTheOrderInA() {
    var traffic = Traffic()
    for index in 0..<2_000 { traffic.add(time: Int64(index / 40) * 1_000, chat: index % 3, sender: 0, size: index) }
    let dithered = traffic.dithered(seed: 7)
    #expect(dithered.sends.map(\.size) == traffic.dithered(seed: 7).sends.map(\.size))
    #expect(zip(dithered.sends, dithered.sends.dropFirst()).allSatisfy { $0.time <= $1.time })
    for chat in 0..<3 {
      let sizes = dithered.sends.filter { $0.chat == chat }.map(\.size)
      #expect(sizes == sizes.sorted())
    }
    let offsets = dithered.sends.map { $0.time % 1_000 }
    #expect(offsets.min() ?? 0 < 20 && offsets.max() ?? 0 > 980)
  }

  @Test(
    "A policy is read from its name",
    arguments: [
      "naive", "google", "classic", "caravan", "fixed:3s", "leading:3s/sender", "idle:5s",
      "caravan=leading:2s,fixed:30s",
    ])
  func aPolicyIsReadFromIts(text: String) {
    #expect(PlannedPolicy(text)?.description == text)
    #expect(PlannedPolicy(text)?.summary.isEmpty == false)
  }

  @Test("Anything else is no policy", arguments: ["", "caravan=", "caravan=zero", "fixed", "naive/sender", "a=b"])
  func anythingElseIsNoPolicy(text: String) {
    #expect(PlannedPolicy(text) == nil)
  }

  @Test("A percentile is the least delay that so many do not exceed")
  func aPercentileIsTheLeastDelay() {
    var delays = Delays()
    for delay in 1...100 { delays.add(Int64(delay)) }
    #expect(delays.percentileMilliseconds(95) == 95)
    #expect(delays.percentileMilliseconds(100) == 100)
    #expect(delays.meanMilliseconds == 50.5)
    #expect(Delays().percentileMilliseconds(95) == 0)
  }

  @Test("A month at so many messages a day has the free quota taken off each day")
  func aMonthAtSoManyMessages() {
    let outcome = replay([(0, 1, 0), (10, 2, 0)]).run(.documentPerMessage)
    #expect(outcome.costPerMillion(.nam5) == .dollars("3.00"))
    #expect(outcome.costOfDay(messages: 20_000, .nam5) == .zero)
    // 120,000 writes and 240,000 reads, less 20,000 and 50,000.
    #expect(outcome.costOfDay(messages: 120_000, .nam5) == .dollars("0.294"))
  }
}
