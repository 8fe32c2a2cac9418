import ChatDomain
import Dispatch
import MessageLogEmbedded
import SQLiteEngine
import TestSupport
import Testing

@testable import ChatStoreSQLite

/// What is particular to the SQLite journal: sends that share a transaction, and what its scribe remembers of chats in between.
@Suite(.timeLimit(.minutes(1)))
struct MessageLogGroupCommitTests {
  let ann = UserID.random()
  let ben = UserID.random()

  @Test("One key twice within one commit is one message")
  func keyTwiceInOneGroup() async throws {
    let ports = try await ChatPorts.sqlite()
    let (ann, chat, key) = (ann, try await ports.direct(ann, ben), IdempotencyKey.random())
    let outcomes = try await ports.together(3, failing: false) { number in
      try await ports.send(number == 2 ? "other" : "once", ann, chat, key: key)
    }
    #expect(outcomes.count { if case .appended = $0 { true } else { false } } == 1)
    #expect(ports.receiver.messages.count == 1)
    let kept = ports.receiver.messages
    #expect(try await ports.store.history(of: chat, for: ann, .latest, quantity: 10)?.elements == kept)
    // Whichever came first: the same text is the first message, another one is refused.
    for outcome in outcomes {
      switch outcome {
      case .appended(let message), .repeated(let message): #expect(kept == [message])
      case .keyReused: break
      case .notAMember: Issue.record("a member was refused")
      }
    }
  }

  @Test("A group that was rolled back leaves nothing behind, and each of its sends is made once")
  func rolledBackGroup() async throws {
    let ports = try await ChatPorts.sqlite()
    let (ann, ben, chat) = (ann, ben, try await ports.direct(ann, ben))
    let keys = (0..<6).map { _ in IdempotencyKey.random() }
    let outcomes = try await ports.together(6, failing: true) { number in
      // Both members: the creator's first and the answer are learned in the same group.
      try await ports.send("\(number)", number.isMultiple(of: 2) ? ann : ben, chat, key: keys[number])
    }
    let page = try #require(try await ports.store.history(of: chat, for: ann, .after(.beforeEverything), quantity: 100))
    #expect(page.elements == ports.receiver.messages)
    #expect(Set(page.elements.map(\.text)) == Set((0..<6).map { "\($0)" }))
    #expect(page.elements.map(\.id) == page.elements.map(\.id).sorted())
    for (number, outcome) in outcomes.enumerated() {
      guard case .appended(let message) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(
        try await ports.send(message.text, message.sender, chat, key: message.key) == .repeated(message), "\(number)")
    }
    #expect(ports.receiver.messages.count == 6)
  }

  @Test("A send that failed takes its key when it is tried again")
  func failedSendRetried() async throws {
    let ports = try await ChatPorts.sqlite()
    let (ann, chat, key) = (ann, try await ports.direct(ann, ben), IdempotencyKey.random())
    try await ports.database.write {
      try $0.run(
        """
        CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(FAIL, 'no room'); END
        """)
    }
    for _ in 0..<2 {
      await #expect(throws: StoreError.self) { try await ports.send("once", ann, chat, key: key) }
    }
    try await ports.database.write { try $0.run("DROP TRIGGER full") }
    let message = try await ports.sent("once", ann, chat, key: key)
    #expect(try await ports.send("once", ann, chat, key: key) == .repeated(message))
    #expect(ports.receiver.messages == [message])
  }

  @Test("An answer that was rolled back is still to come: only a kept one lifts the creator's limit")
  func answerRolledBack() async throws {
    let ports = try await ChatPorts.sqlite()
    let (ann, ben, chat) = (ann, ben, try await ports.direct(ann, ben))
    _ = try await ports.sent("hello", ann, chat)
    try await ports.database.write {
      try $0.run("CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(FAIL, 'no room'); END")
    }
    await #expect(throws: StoreError.self) { try await ports.send("lost", ben, chat) }
    try await ports.database.write { try $0.run("DROP TRIGGER full") }
    func open() async throws -> ChatCreation {
      let other = UserID.random()
      return try await ports.store.createChat(
        ports.newChat(.direct(ann, other), .direct, by: ann, [ann, other], limit: 1))
    }
    guard case .tooManyUnanswered = try await open() else { throw StoreError(.closed, "must be refused") }
    _ = try await ports.sent("an answer", ben, chat)
    #expect(try await open() == .created)
  }

  @Test("A chat that the scribe remembers is checked for members all the same")
  func rememberedChat() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.group([ann, ben, .random()])
    for sender in [ann, ben, ann] { _ = try await ports.sent("hello", sender, chat) }
    #expect(try await ports.send("hello", .random(), chat) == .notAMember)
    #expect(ports.receiver.deliveries.allSatisfy { Set($0.recipients).isSuperset(of: [ann, ben]) })
    #expect(ports.receiver.deliveries.allSatisfy { $0.recipients.count == 3 })
  }

  @Test("Keys, members and heads are right again after more chats than the scribe remembers")
  func forgottenChats() async throws {
    // Room for two or three.
    let ports = try await ChatPorts.sqlite(knownChats: KnownChats(weightLimit: 40))
    let (first, key) = (try await ports.direct(ann, ben), IdempotencyKey.random())
    let message = try await ports.sent("first", ann, first, key: key)
    var last = message
    for round in 0..<8 {
      _ = try await ports.sent("elsewhere", ann, try await ports.group([ann, ben, .random()]))
      if round % 3 == 2 { continue }
      let next = try await ports.sent("\(round)", round.isMultiple(of: 2) ? ben : ann, first)
      #expect(next.id > last.id)
      last = next
      #expect(try await ports.send("first", ann, first, key: key) == .repeated(message))
      #expect(try await ports.send("hello", .random(), first) == .notAMember)
    }
  }

  @Test("A key lives exactly thirty days, whether or not old ones have been swept", arguments: [false, true])
  func keyLife(isSwept: Bool) async throws {
    let ports = try await ChatPorts.sqlite()
    let (chat, key) = (try await ports.direct(ann, ben), IdempotencyKey.random())
    let first = try await ports.sent("once", ann, chat, key: key)
    func sweep() async throws {
      guard isSwept else { return }
      var position: Int64 = 0
      repeat { position = try await ports.journal.forgetOldKeys(after: position, chats: 1) } while position != 0
    }
    ports.clock.advance(by: 30 * 86_400 * 1_000_000 - 1)
    try await sweep()
    #expect(try await ports.send("once", ann, chat, key: key) == .repeated(first))
    #expect(try await ports.send("other", ann, chat, key: key) == .keyReused)
    ports.clock.advance(by: 1)
    try await sweep()
    let second = try await ports.sent("other", ann, chat, key: key)
    #expect(second.id > first.id)
    // From now on the key means the second one, for thirty days again.
    ports.clock.advance(by: 20 * 86_400 * 1_000_000)
    try await sweep()
    #expect(try await ports.send("other", ann, chat, key: key) == .repeated(second))
    #expect(try await ports.send("once", ann, chat, key: key) == .keyReused)
    #expect(ports.receiver.messages == [first, second])
  }

  @Test("A key's age is by the ids, and a clock that steps back does no harm")
  func clockBackwards() async throws {
    let ports = try await ChatPorts.sqlite()
    let (chat, key) = (try await ports.direct(ann, ben), IdempotencyKey.random())
    let first = try await ports.sent("once", ann, chat, key: key)
    ports.clock.advance(by: -3_600_000_000)
    #expect(try await ports.send("once", ann, chat, key: key) == .repeated(first))
    let reopened = try await ports.reopened()
    #expect(try await reopened.send("once", ann, chat, key: key) == .repeated(first))
    #expect(try await reopened.sent("next", ann, chat).id > first.id)
  }
}

extension ChatPorts {
  /// Runs the calls so that they share one transaction; with another one that fails, if asked: then all are rolled back and tried one by one.
  func together<Value: Sendable>(
    _ count: Int, failing: Bool, _ body: @escaping @Sendable (Int) async throws -> Value
  ) async throws -> [Value] {
    let (database, started, gate) = (database, Recorder<Void>(), DispatchSemaphore(value: 0))
    // Holds the writer's own thread, which nothing else runs on.
    let blocker = Task {
      try await database.write { _ in
        started.record(())
        gate.wait()
      }
    }
    try await wait { !started.elements.isEmpty }
    let neighbour = Task {
      try await database.write { _ in if failing { throw StoreError(.unavailable, "asked for") } }
    }
    let calls = (0..<count).map { number in Task { try await body(number) } }
    // Also when the wait is given up.
    defer { gate.signal() }
    try await wait { database.waitingWrites > count }
    gate.signal()
    try await blocker.value
    #expect(await neighbour.result.isFailure == failing)
    var values: [Value] = []
    for call in calls { values.append(try await call.value) }
    return values
  }
}

extension Result {
  fileprivate var isFailure: Bool { if case .failure = self { true } else { false } }
}
