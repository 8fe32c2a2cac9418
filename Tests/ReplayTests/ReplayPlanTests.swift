import Testing
import Traces

@testable import Replay

@Suite struct ReplayPlanTests {
  @Test func twoChatsOfOnePairShareADirectChat() {
    let plan = ReplayPlan(trace([(0, 0), (0, 1), (1, 1), (1, 0)]), seed: 1)
    #expect(plan.chats.map(\.members) == [[0, 1]])
    #expect(plan.sends.map(\.traceChat) == [0, 0, 1, 1])
    #expect(plan.sends.allSatisfy { $0.chat == 0 })
  }

  @Test func threeSpeakersMakeAGroup() {
    let plan = ReplayPlan(trace([(0, 0), (0, 1), (0, 2)]), seed: 1)
    #expect(plan.chats.map(\.members) == [[0, 1, 2]])
  }

  @Test func whoSpeaksAloneGetsASilentPartnerForEachChat() {
    let plan = ReplayPlan(trace([(0, 0), (1, 0), (2, 1)]), seed: 1)
    #expect(plan.userCount == 4)
    #expect(plan.chats.map(\.members) == [[0, 2], [0, 3], [1, 2]])
  }

  @Test func timesCountFromTheFirstMessage() {
    #expect(ReplayPlan(trace([(0, 0), (0, 1)]), seed: 1).sends.map(\.offset) == [0, 100])
  }

  @Test func longPausesAreCut() {
    let trace = [0, 10, 50_000, 50_010].map { TraceMessage(time: $0, chat: 0, sender: 0, size: 1) }
    #expect(ReplayPlan(trace, seed: 1, longestPause: 1_000).sends.map(\.offset) == [0, 10, 1_010, 1_020])
  }

  @Test func unknownLengthsAreRepeatedByTheirSeed() {
    let trace = trace((0..<200).map { (0, $0 % 2) })
    #expect(ReplayPlan(trace, seed: 7).sends == ReplayPlan(trace, seed: 7).sends)
    let sizes = ReplayPlan(trace, seed: 7).sends.map(\.size).sorted()
    #expect((15...40).contains(sizes[100]))
  }

  @Test(arguments: [1, 10, 300]) func aTagIsFoundInATextOfAnySize(size: Int) {
    let text = MessageTag.text(traceChat: 12, number: 345, size: size)
    #expect(text.utf8.count == max(size, 6))
    #expect(MessageTag.number(of: text) == 345)
  }

  private func trace(_ messages: [(chat: Int, sender: Int)]) -> [TraceMessage] {
    messages.enumerated().map { index, message in
      TraceMessage(time: Int64(1_000 + 100 * index), chat: message.chat, sender: message.sender, size: 0)
    }
  }
}
