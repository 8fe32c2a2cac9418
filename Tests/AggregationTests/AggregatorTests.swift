import Aggregation
import ChatDomain
import Testing

@Suite struct AggregatorTests {
  var aggregator = Aggregator<Note>()

  @Test("Without a window the first message is due at once and the rest while it is under way form the next")
  mutating func withoutAWindowTheFirstMessage() throws {
    let key = aggregator.open()
    #expect(aggregator.add(Note(1), to: key, under: .zero, now: 0) == true)
    let firstFound = aggregator.nextDue(now: 0)
    let first = try #require(firstFound)
    #expect(first.seq == 1)
    for number in 2...4 { #expect(aggregator.add(Note(number), to: key, under: .zero, now: 1) == true) }
    #expect(aggregator.nextDue(now: 1) == nil)
    #expect(aggregator.wakeAt() == nil)
    aggregator.published(key, seq: 1, now: 2)
    let secondFound = aggregator.nextDue(now: 2)
    let second = try #require(secondFound)
    #expect(second.seq == 2)
    #expect(second.items.map(\.number) == [2, 3, 4])
  }

  @Test("A leading window sends the first after silence at once, then one in each interval")
  mutating func aLeadingWindowSendsTheFirst() {
    let key = aggregator.open()
    let policy = WindowPolicy.leading(.seconds(1))
    _ = aggregator.add(Note(1), to: key, under: policy, now: 10)
    #expect(aggregator.flush(10) == [[1]])
    _ = aggregator.add(Note(2), to: key, under: policy, now: .seconds(10.2))
    _ = aggregator.add(Note(3), to: key, under: policy, now: .seconds(10.8))
    #expect(aggregator.flush(.seconds(10.999_999_999)) == [])
    #expect(aggregator.wakeAt() == 11)
    #expect(aggregator.flush(11) == [[2, 3]])
    _ = aggregator.add(Note(4), to: key, under: policy, now: 20)
    #expect(aggregator.flush(20) == [[4]])
  }

  @Test("A fixed window ends three seconds after its first message, to the nanosecond")
  mutating func aFixedWindowEndsThreeSeconds() {
    let key = aggregator.open()
    _ = aggregator.add(Note(1), to: key, under: .fixed(.seconds(3)), now: 1)
    _ = aggregator.add(Note(2), to: key, under: .fixed(.seconds(3)), now: 3)
    #expect(aggregator.wakeAt() == 4)
    #expect(aggregator.flush(Instant(nanoseconds: 3_999_999_999)) == [])
    #expect(aggregator.flush(4) == [[1, 2]])
    #expect(aggregator.wakeAt() == nil)
  }

  @Test("An idle window moves with each message")
  mutating func anIdleWindowMovesWithEach() {
    let key = aggregator.open()
    for second in [1, 3, 5] {
      _ = aggregator.add(Note(second), to: key, under: .idle(.seconds(3)), now: .seconds(Double(second)))
    }
    #expect(aggregator.wakeAt() == 8)
    #expect(aggregator.flush(7) == [])
    #expect(aggregator.flush(8) == [[1, 3, 5]])
  }

  @Test("An idle window ends with its tenth message")
  mutating func anIdleWindowEndsWithIts() {
    let key = aggregator.open()
    for number in 1...9 { _ = aggregator.add(Note(number), to: key, under: .idle(.seconds(3)), now: 0) }
    #expect(aggregator.flush(0) == [])
    _ = aggregator.add(Note(10), to: key, under: .idle(.seconds(3)), now: 0)
    #expect(aggregator.flush(0) == [Array(1...10)])
  }

  @Test("An aggregate is complete with so many bytes")
  mutating func anAggregateIsCompleteWithSo() {
    let key = aggregator.open()
    var policy = WindowPolicy.fixed(.seconds(3))
    policy.maxBytes = 250
    _ = aggregator.add(Note(1), to: key, under: policy, now: 0)
    _ = aggregator.add(Note(2), to: key, under: policy, now: 0)
    #expect(aggregator.flush(0) == [])
    _ = aggregator.add(Note(3), to: key, under: policy, now: 0)
    #expect(aggregator.flush(0) == [[1, 2, 3]])
  }

  @Test("The fastest window among its messages decides")
  mutating func theFastestWindowAmongItsMessages() {
    let key = aggregator.open()
    _ = aggregator.add(Note(1), to: key, under: .elsewhere, now: 0)
    #expect(aggregator.wakeAt() == 10)
    _ = aggregator.add(Note(2), to: key, under: .leading(.seconds(1)), now: 1)
    #expect(aggregator.flush(1) == [[1, 2]])
  }

  @Test("A change of attention makes what waits due")
  mutating func aChangeOfAttentionMakesWhat() {
    let key = aggregator.open()
    _ = aggregator.add(Note(1), to: key, under: .elsewhere, now: 0)
    aggregator.attentionChanged(key, to: .leading(.seconds(1)), now: 2)
    #expect(aggregator.flush(2) == [[1]])
  }

  @Test("A change of attention never moves a deadline to later")
  mutating func aChangeOfAttentionNeverMoves() {
    let key = aggregator.open()
    _ = aggregator.add(Note(1), to: key, under: .idle(.seconds(3)), now: 0)
    aggregator.attentionChanged(key, to: .idle(.seconds(3)), now: 2)
    #expect(aggregator.flush(3) == [[1]])
  }

  @Test("Shutdown makes what waits due")
  mutating func shutdownMakesWhatWaitsDue() {
    let key = aggregator.open()
    _ = aggregator.add(Note(1), to: key, under: .elsewhere, now: 0)
    aggregator.finish(key, now: 1)
    #expect(aggregator.flush(1) == [[1]])
  }

  @Test("Messages of one chat stand together in their order")
  mutating func messagesOfOneChatStandTogether() {
    let key = aggregator.open()
    for (number, chat) in [(1, 7), (2, 8), (3, 7), (4, 9), (5, 8)] {
      _ = aggregator.add(Note(number, in: chat), to: key, under: .fixed(.seconds(1)), now: 0)
    }
    #expect(aggregator.flush(1) == [[1, 3, 2, 5, 4]])
  }

  @Test("A failed aggregate comes again under its number with the same news")
  mutating func aFailedAggregateComesAgainUnder() throws {
    let key = aggregator.open()
    _ = aggregator.add(Note(1), to: key, under: .zero, now: 0)
    _ = aggregator.nextDue(now: 0)
    _ = aggregator.add(Note(2), to: key, under: .zero, now: 1)
    aggregator.failed(key, seq: 1, retryAt: 5, now: 1)
    #expect(aggregator.nextDue(now: 4) == nil)
    #expect(aggregator.wakeAt() == 5)
    let againFound = aggregator.nextDue(now: 5)
    let again = try #require(againFound)
    #expect(again.isRetry && again.seq == 1 && again.items.map(\.number) == [1])
    aggregator.published(key, seq: 1, now: 6)
    #expect(aggregator.flush(6) == [[2]])
  }

  @Test("A late outcome of a closed key or of an earlier number is ignored")
  mutating func aLateOutcomeOfAClosed() {
    let key = aggregator.open()
    _ = aggregator.add(Note(1), to: key, under: .zero, now: 0)
    _ = aggregator.nextDue(now: 0)
    aggregator.close(key)
    let other = aggregator.open()
    #expect(other.index == key.index)
    _ = aggregator.add(Note(2), to: other, under: .zero, now: 1)
    _ = aggregator.nextDue(now: 1)
    #expect(aggregator.published(key, seq: 1, now: 2) == false)
    #expect(aggregator.failed(other, seq: 7, retryAt: 3, now: 2) == false)
    #expect(aggregator.published(other, seq: 1, now: 2) == true)
    #expect(aggregator.published(other, seq: 1, now: 2) == false)
  }

  @Test("What is not due for its own sake rides with the next that is")
  mutating func whatIsNotDueForIts() {
    let key = aggregator.open()
    #expect(aggregator.add(Note(1), to: key, under: .zero, isDue: false, now: 0) == true)
    #expect(aggregator.flush(100) == [])
    _ = aggregator.add(Note(2), to: key, under: .zero, now: 101)
    #expect(aggregator.flush(101) == [[1, 2]])
  }

  @Test("Receipts are absorbed, the latest of each chat and reader, and never make anything due")
  mutating func receiptsAreAbsorbedTheLatestOf() throws {
    let key = aggregator.open()
    for (reader, ticks) in [(1, 5), (2, 3), (1, 9), (1, 7)] {
      let mark = ReadMark(chat: .number(1), user: .number(reader), upTo: TimeUUID(ticks: UInt64(ticks), tail: 0))
      aggregator.absorb(mark, into: key)
    }
    #expect(aggregator.nextDue(now: 1_000) == nil)
    #expect(aggregator.wakeAt() == nil)
    _ = aggregator.add(Note(1), to: key, under: .zero, now: 1_000)
    let batchFound = aggregator.nextDue(now: 1_000)
    let batch = try #require(batchFound)
    #expect(batch.receipts.map(\.upTo.ticks) == [9, 3])
  }

  @Test("While the channel is not ready for a key everything collects")
  mutating func whileTheChannelIsNotReady() {
    let key = aggregator.open()
    aggregator.hold(key)
    _ = aggregator.add(Note(1), to: key, under: .zero, now: 0)
    _ = aggregator.add(Note(2), to: key, under: .zero, now: 1)
    #expect(aggregator.flush(5) == [])
    aggregator.release(key, now: 6)
    #expect(aggregator.flush(6) == [[1, 2]])
  }

  @Test("No key collects without bound, whatever its window")
  mutating func noKeyCollectsWithoutBoundWhatever() {
    aggregator = Aggregator(limits: AggregatorLimits(messages: 5, bytes: 350, receipts: 2))
    let key = aggregator.open()
    var taken = 0
    for number in 1...9 where aggregator.add(Note(number), to: key, under: .fixed(.seconds(3)), now: 0) { taken += 1 }
    #expect(taken == 3)
    #expect(aggregator.flush(3) == [[1, 2, 3]])
    // A single one is always taken, however large.
    #expect(aggregator.add(Note(10, bytes: 1_000), to: key, under: .zero, now: 4) == true)
  }

  @Test("Keys wait for themselves only")
  mutating func keysWaitForThemselvesOnly() {
    let (a, b) = (aggregator.open(), aggregator.open())
    _ = aggregator.add(Note(1), to: a, under: .zero, now: 0)
    _ = aggregator.nextDue(now: 0)
    _ = aggregator.add(Note(2), to: a, under: .zero, now: 0)
    _ = aggregator.add(Note(3), to: b, under: .zero, now: 0)
    #expect(aggregator.flush(0) == [[3]])
  }
}
