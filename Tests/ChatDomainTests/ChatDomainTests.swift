import ChatDomain
import FoundationEssentials
import Testing

struct ChatDomainTests {
  @Test func identifiersAreReadInAnyCaseAndWrittenInLowerCase() {
    let text = "6F1D6C0E-52b7-4a0e-9c35-0d8a41e7b2f3"
    #expect(UserID(text)?.description == text.lowercased())
    for bad in ["", "6f1d6c0e52b74a0e9c350d8a41e7b2f3", text + "0", String(text.dropLast()), "g" + text.dropFirst()] {
      #expect(UserID(bad) == nil)
    }
  }

  @Test func timeUUIDsAreOrderedByTimeThenTailAndNeverByText() throws {
    let early = TimeUUID(ticks: 0x1_FFFF_FFFF, tail: 0x8000_0000_0000_0001)
    let late = TimeUUID(ticks: 0x2_0000_0000, tail: 0x8000_0000_0000_0000)
    #expect(early < late)
    #expect(early.description > late.description)
    #expect(TimeUUID(ticks: 5, tail: 1) < TimeUUID(ticks: 5, tail: 2))
    #expect(try #require(TimeUUID("00000000-0000-1000-8000-000000000000")) < early)
    #expect(try #require(TimeUUID(late.description)) == late)
    #expect(TimeUUID("6f1d6c0e-52b7-4a0e-9c35-0d8a41e7b2f3") == nil)
  }

  @Test func aStampIsAboveTheHeadAndTheStampBefore() {
    var stamper = TimeUUIDStamper(node: 1)
    let first = stamper.next(now: 1_000_000, above: nil)
    #expect(first.milliseconds == 1_000)
    #expect(stamper.next(now: 0, above: nil) > first)
    let head = TimeUUID(ticks: first.ticks + 1_000_000, tail: .max)
    #expect(stamper.next(now: 1_000_000, above: head) > head)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
    (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_795_620_108_550, "2026-11-25T15:21:48.550Z"),
    (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
  ])
  func timestampsAreWrittenAsTheCalendarSays(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test func jsonStringsAreWhatAParserReadsBack() throws {
    for text in ["", "plain", "\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}", "größe 🐪\u{2028}"] {
      var json = JSONBytes()
      json.string(text)
      #expect(try JSONDecoder().decode(String.self, from: Data(json.bytes)) == text)
    }
  }

  @Test func theKeyIsShownToItsSenderOnly() {
    let (sender, other) = (UserID.random(), UserID.random())
    let message = Message(
      id: TimeUUID(ticks: 1, tail: 1), chat: .random(), sender: sender, text: "x", key: IdempotencyKey.random())
    func written(for viewer: UserID) -> String {
      var json = JSONBytes()
      json.message(message, for: viewer)
      return String(decoding: json.bytes, as: UTF8.self)
    }
    #expect(written(for: sender).contains(message.key?.description ?? "?"))
    #expect(written(for: other).contains(#""key":null"#))
  }
}
