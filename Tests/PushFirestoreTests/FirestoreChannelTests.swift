import Aggregation
import ChatDomain
import Logging
import Metrics
import TestSupport
import Testing

@testable import PushFirestore

@Suite("The Firestore channel")
struct FirestoreChannelTests {
  private let clock = MockClock()
  private let transport: ScriptedTransport
  private let owner = ScriptedOwner()
  private let account: CountingAccount
  private let channel: FirestoreChannel

  init() { self.init(budget: .max) }

  private init(budget: Int) {
    transport = ScriptedTransport()
    account = CountingAccount(budget: budget)
    channel = FirestoreChannel(
      settings: FirestoreSettings(root: root), transport: transport, account: account, runner: clock,
      metrics: MetricsRegistry(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    channel.start(owner: owner)
  }

  /// Waits until so many publications are settled.
  private func settled(_ count: Int) async throws {
    for _ in 0..<2_000 {
      if owner.outcomes.count >= count { return }
      clock.settle()
      try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("only \(owner.outcomes)")
  }

  @Test("A publication is written, charged and settled")
  func writes() async throws {
    #expect(channel.publish(publication(aggregate(1, [item("hi")]))) == nil)
    try await settled(1)
    #expect(owner.outcomes == ["1 #1 published"])
    #expect(transport.document(of: 1)?.seq == 1)
    #expect((account.charged, account.written) == (1, 1))
  }

  @Test("The gate is asked again right before the attempt: who no longer looks costs nothing")
  func asksTheGate() async throws {
    owner.lookAway(1)
    _ = channel.publish(publication(aggregate(1, [item("hi")])))
    try await settled(1)
    #expect(owner.outcomes == ["1 #1 refused"])
    #expect(account.charged == 0)
    #expect(transport.requests.isEmpty)
  }

  @Test("What cannot be charged is not written")
  func overBudget() async throws {
    let test = FirestoreChannelTests(budget: 1)
    _ = test.channel.publish(publication(aggregate(1, [item("hi")]), to: 1))
    try await test.settled(1)
    _ = test.channel.publish(publication(aggregate(1, [item("hi")]), to: 2))
    try await test.settled(2)
    #expect(test.owner.outcomes == ["1 #1 published", "2 #1 refused"])
    #expect(test.transport.requests == [["01"]])
  }

  @Test("A request that fails fails all its writes, and each attempt was charged")
  func fails() async throws {
    transport.answer { _ in .failed("status 503") }
    _ = channel.publish(publication(aggregate(1, [item("hi")])))
    try await settled(1)
    #expect(owner.outcomes == ["1 #1 failed"])
    #expect((account.charged, account.written) == (1, 0))
  }

  @Test("One recipient's mailbox fails for ever: the others are written")
  func oneFailsForEver() async throws {
    transport.answer { documents in
      .results(documents.map { $0.name.hasSuffix("01") ? .unavailable : .written })
    }
    for user in 1...3 { _ = channel.publish(publication(aggregate(1, [item("hi")]), to: user)) }
    try await settled(3)
    #expect(owner.outcomes.sorted() == ["1 #1 failed", "2 #1 published", "3 #1 published"])
  }

  @Test("A poison document does not take its neighbours along: a refused batch is tried one by one")
  func poison() async throws {
    // The first request keeps the others waiting, so that they travel together.
    transport.answer { documents in
      documents.contains { $0.name.hasSuffix("02") }
        ? .refused("status 400") : .results(documents.map { _ in .written })
    }
    for user in 1...4 { _ = channel.publish(publication(aggregate(1, [item("hi")]), to: user)) }
    try await settled(4)
    #expect(owner.outcomes.sorted() == ["1 #1 published", "2 #1 refused", "3 #1 published", "4 #1 published"])
  }

  @Test("A new base line is one empty write, repeated until it has arrived")
  func announces() async throws {
    transport.answer { _ in .failed("status 503") }
    channel.announce(
      BaseLine(epoch: Epoch(bits: 5), seq: 0), to: Audience(recipient: .number(1), connections: [], devices: 1))
    for _ in 0..<2_000 where transport.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    transport.answer { .results($0.map { _ in .written }) }
    for _ in 0..<2_000 where transport.document(of: 1) == nil {
      clock.advance(seconds: 1)
      try await Task.sleep(for: .milliseconds(1))
    }
    #expect(transport.document(of: 1)?.epoch == "0000000000000005")
    #expect(owner.outcomes.isEmpty)
  }

  @Test("A channel whose writes fail for twenty seconds is not healthy, and is again with the first that arrives")
  func health() {
    var health = ChannelHealth()
    health.note(isWritten: false, now: .seconds(0))
    #expect(health.isGood(now: .seconds(1)))
    health.note(isWritten: false, now: .seconds(21))
    #expect(!health.isGood(now: .seconds(22)))
    // Nobody leases on it meanwhile, so somebody has to try.
    #expect(health.isGood(now: .seconds(90)))
    health.note(isWritten: true, now: .seconds(91))
    #expect(health.isGood(now: .seconds(91)))
  }
}
