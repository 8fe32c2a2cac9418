import ChatDomain
import FoundationEssentials
import LoadClient
import Testing

@testable import Replay

@Suite struct ComparisonTests {
  @Test func everythingReceivedOnceIsComplete() throws {
    var comparison = Comparison()
    comparison.add(history: try messages([1, 2]), heldBy: [[id(1), id(2)], [id(1), id(2)]])
    #expect(comparison.stored == 2)
    #expect(comparison.received == 4)
    #expect(comparison.missing == 0)
    #expect(comparison.storedTwice == 0)
  }

  @Test func whatAMemberDoesNotHoldIsMissing() throws {
    var comparison = Comparison()
    comparison.add(history: try messages([1, 2]), heldBy: [[id(1), id(2)], [id(2)]])
    #expect(comparison.missing == 1)
  }

  @Test func oneSendUnderTwoIdsIsADuplicate() throws {
    var comparison = Comparison()
    comparison.add(history: try messages([1, 2], numbers: [5, 5]), heldBy: [])
    #expect(comparison.storedTwice == 1)
  }

  @Test func whatNoHistoryKnowsIsUnknown() throws {
    var comparison = Comparison()
    comparison.add(history: try messages([1]), heldBy: [[id(1), id(9)]])
    #expect(comparison.unknown == 1)
    #expect(comparison.missing == 0)
  }

  @Test func anAcceptedMessageThatIsNotStoredIsLost() throws {
    var comparison = Comparison()
    comparison.add(accepted: [id(1), id(3)], history: try messages([1, 2]))
    #expect(comparison.lost == 1)
  }

  private func id(_ tick: UInt64) -> TimeUUID { TimeUUID(ticks: tick, tail: 1 << 63) }

  private func messages(_ ticks: [UInt64], numbers: [Int]? = nil) throws -> [WireMessage] {
    try ticks.enumerated().map { index, tick in
      let text = MessageTag.text(traceChat: 0, number: numbers?[index] ?? Int(tick), size: 10)
      let json = """
        {"id":"\(id(tick))","chat_id":"\(ChatID(UUIDBits(high: 1, low: 1)))",
        "sender_id":"\(UserID(UUIDBits(high: 1, low: 2)))","kind":"text","text":"\(text)","key":null}
        """
      return try JSONDecoder().decode(WireMessage.self, from: Data(json.utf8))
    }
  }
}
