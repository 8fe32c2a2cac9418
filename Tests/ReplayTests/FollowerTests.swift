import ChatDomain
import FoundationEssentials
import LoadClient
import Testing

@Suite struct FollowerTests {
  private let chat = ChatID(UUIDBits(high: 1, low: 1))

  @Test func aRunBeginsWithTheHeads() {
    var follower = FollowerState()
    #expect(follower.received(ready: WireBaseLine(epoch: "a", seq: 3), resumed: false) == [.catchUp(run: 1)])
    #expect(follower.lastEventID == "a:3")
  }

  @Test func aResumedEpochGoesOn() {
    var follower = started()
    #expect(follower.received(ready: WireBaseLine(epoch: "a", seq: 9), resumed: true) == [])
    #expect(follower.lastEventID == "a:0")
  }

  @Test func newsOfAChatThatIsNotCaughtUpTriggersItsRead() throws {
    var follower = started()
    let (actions, fresh) = follower.received(try news(1...1, messages: [5]))
    #expect(actions == [.read(chat, after: .beforeEverything, run: 1)])
    #expect(fresh.map(\.id) == [id(5)])
    _ = follower.received(try page([4, 5]), of: chat, run: 1)
    #expect(follower.isSettled)
    #expect(follower.held[chat] == [id(4), id(5)])
  }

  @Test func aGapReopensTheStream() throws {
    var follower = started()
    #expect(follower.received(try news(3...3, messages: [5])).actions == [.reopen])
    #expect(follower.lastEventID == nil)
  }

  @Test func aReadOfAnEarlierRunEndsNothing() throws {
    var follower = started()
    _ = follower.received(try news(1...1, messages: [5]))
    _ = follower.received(resync: WireBaseLine(epoch: "b", seq: 0))
    #expect(follower.received(try page([5]), of: chat, run: 1).actions == [])
    // What the page brought moved the cursor nevertheless.
    let actions = follower.received(heads: [WireHead(chat: chat, last: id(6))], run: 2)
    #expect(actions == [.read(chat, after: id(5), run: 2)])
  }

  @Test func aResyncThatRepeatsTheBaseLineOfReadyNeedsNoSecondCatchUp() {
    var follower = started()
    #expect(follower.received(ready: WireBaseLine(epoch: "b", seq: 4), resumed: true) == [.catchUp(run: 2)])
    #expect(follower.received(resync: WireBaseLine(epoch: "b", seq: 4)) == [])
    #expect(follower.counts.runs == 2)
    // Within the epoch `ready` is ignored, so `resync` is the base line.
    #expect(follower.received(ready: WireBaseLine(epoch: "b", seq: 9), resumed: true) == [])
    #expect(follower.received(resync: WireBaseLine(epoch: "b", seq: 9)) == [.catchUp(run: 3)])
  }

  private func started() -> FollowerState {
    var follower = FollowerState()
    _ = follower.received(ready: WireBaseLine(epoch: "a", seq: 0), resumed: false)
    return follower
  }

  private func id(_ tick: UInt64) -> TimeUUID { TimeUUID(ticks: tick, tail: 1 << 63) }

  private func json(_ ticks: [UInt64]) -> String {
    let messages = ticks.map { #"{"id":"\#(id($0))","chat_id":"\#(chat)","sender_id":"\#(chat)","text":"hi"}"# }
    return "[\(messages.joined(separator: ","))]"
  }

  private func page(_ ticks: [UInt64]) throws -> WirePage {
    try JSONDecoder().decode(WirePage.self, from: Data(#"{"messages":\#(json(ticks)),"next":null}"#.utf8))
  }

  private func news(_ range: ClosedRange<UInt64>, messages: [UInt64]) throws -> WireNews {
    let text = #"""
      {"epoch":"a","first":\#(range.lowerBound),"seq":\#(range.upperBound),
      "news":[{"seq":\#(range.upperBound),"chat_id":"\#(chat)","messages":\#(json(messages))}],"reads":[]}
      """#
    return try JSONDecoder().decode(WireNews.self, from: Data(text.utf8))
  }
}
