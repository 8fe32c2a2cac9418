import ChatDomain
import TestSupport
import Testing

/// What `MessageLog` and `ChatStore` promise about messages, for every adapter.
@Suite(.timeLimit(.minutes(1)))
struct MessageLogConformance {
  let ann = UserID.random()
  let ben = UserID.random()
  let eve = UserID.random()

  @Test func aSendIsReadableAtOnceAndHandedOnOnce() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    let message = try await ports.sent("hello", ann, chat)
    let page = try #require(try await ports.store.history(of: chat, for: ben, .latest, quantity: 10))
    #expect(page.elements == [message])
    #expect(page.next == nil)
    #expect(ports.receiver.messages == [message])
    #expect(Set(ports.receiver.deliveries[0].recipients) == [ann, ben])
  }

  @Test func aRepeatedKeyGivesTheFirstMessageAndMakesNoNews() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    let key = IdempotencyKey.random()
    let first = try await ports.sent("once", ann, chat, key: key)
    #expect(try await ports.send("once", ann, chat, key: key) == .repeated(first))
    #expect(try await ports.send("other", ann, chat, key: key) == .keyReused)
    // A key is its sender's own.
    guard case .appended = try await ports.send("once", ben, chat, key: key) else {
      throw StoreError(.closed, "refused")
    }
    #expect(ports.receiver.messages.count == 2)
  }

  @Test("A key with text A, then B, then A again; the same key three days later")
  func aKeyWithTextAThenBThenAAgainIsOneMessage() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    let key = IdempotencyKey.random()
    let first = try await ports.sent("A", ann, chat, key: key)
    #expect(try await ports.send("B", ann, chat, key: key) == .keyReused)
    ports.clock.advance(by: 3 * 86_400 * 1_000_000)
    #expect(try await ports.send("A", ann, chat, key: key) == .repeated(first))
    ports.clock.advance(by: 28 * 86_400 * 1_000_000)
    guard case .appended(let second) = try await ports.send("A", ann, chat, key: key) else {
      throw StoreError(.closed, "a key lives for 30 days")
    }
    #expect(second.id > first.id)
  }

  @Test func concurrentRetriesOfOneKeyMakeOneMessage() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    let key = IdempotencyKey.random()
    let ann = ann
    let ids = try await withThrowingTaskGroup(of: TimeUUID?.self) { group in
      for _ in 0..<40 {
        group.addTask {
          switch try await ports.send("x", ann, chat, key: key) {
          case .appended(let message), .repeated(let message): message.id
          default: nil
          }
        }
      }
      return try await group.reduce(into: Set<TimeUUID?>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    #expect(ports.receiver.messages.count == 1)
  }

  @Test func aStrangerCanNeitherSendNorReadNorMark() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    let message = try await ports.sent("secret", ann, chat)
    #expect(try await ports.send("hello", eve, chat) == .notAMember)
    #expect(try await ports.send("hello", ann, .random()) == .notAMember)
    #expect(try await ports.log.append(ReadMark(chat: chat, user: eve, upTo: message.id)) == .notAMember)
    #expect(try await ports.store.history(of: chat, for: eve, .latest, quantity: 10) == nil)
    #expect(try await ports.store.members(of: chat, for: eve) == nil)
    #expect(try await ports.store.summary(of: chat, for: eve) == nil)
    #expect(try await ports.store.heads(for: eve).isEmpty)
  }

  @Test func idsRiseThoughTheClockGoesBackwardsAndTheProcessRestarts() async throws {
    var ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    var ids: [TimeUUID] = []
    for round in 0..<30 {
      ids.append(try await ports.sent("\(round)", round.isMultiple(of: 2) ? ann : ben, chat).id)
      ports.clock.advance(by: round.isMultiple(of: 3) ? -5_000_000 : 10)
      if round % 7 == 6 { ports = try await ports.reopened() }
    }
    #expect(ids == ids.sorted())
    #expect(Set(ids).count == 30)
  }

  @Test("A scribe with a clock 5 s ahead writes the head, dies; its successor writes the next")
  func aScribeWithAClockAhead() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    ports.clock.advance(by: 5_000_000)
    let first = try await ports.sent("ahead", ann, chat)
    let successor = try await ports.reopened()
    successor.clock.advance(by: -5_000_000)
    for number in 0..<3 {
      let next = try await successor.sent("\(number)", ben, chat)
      #expect(next.id > first.id)
      #expect(try await successor.store.heads(for: ann).map(\.lastMessage) == [next.id])
      #expect(try await successor.store.history(of: chat, for: ann, .latest, quantity: 1)?.elements == [next])
    }
  }

  @Test("The scribe writes sent_keys, dies; its successor finds the key")
  func theScribeWritesSentKeysDies() async throws {
    let ports = try await ChatPorts.sqlite()
    let (chat, key) = (try await ports.direct(ann, ben), IdempotencyKey.random())
    // Committed; whether the answer or the news left before the end makes no difference to the retry.
    let first = try await ports.sent("once", ann, chat, key: key)
    let successor = try await ports.reopened()
    #expect(try await successor.send("once", ann, chat, key: key) == .repeated(first))
    #expect(try await successor.send("other", ann, chat, key: key) == .keyReused)
    #expect(try await successor.store.history(of: chat, for: ben, .latest, quantity: 10)?.elements == [first])
    #expect(successor.receiver.messages.isEmpty)
  }

  @Test("Two sends overtake each other between stamp and commit; a pager reads after in between")
  func aPagerByAfterNeverStepsOverAMessage() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.group([ann, ben, eve])
    let (ann, ben, eve) = (ann, ben, eve)
    let paged = try await withThrowingTaskGroup(of: [TimeUUID].self) { group in
      for sender in [ann, ben, eve] {
        group.addTask {
          for number in 0..<100 { _ = try await ports.sent("\(number)", sender, chat) }
          return []
        }
      }
      group.addTask {
        var (cursor, seen) = (TimeUUID.beforeEverything, [TimeUUID]())
        while seen.count < 300 {
          let page = try await ports.store.history(of: chat, for: ann, .after(cursor), quantity: 7)
          seen += page?.elements.map(\.id) ?? []
          cursor = seen.last ?? cursor
          await Task.yield()
        }
        return seen
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(paged == ports.receiver.messages.map(\.id))
    #expect(paged == paged.sorted())
  }

  @Test(arguments: [1, 2, 7, 10, 24, 25, 26, 200])
  func pagesInBothDirectionsGiveTheWholeHistory(quantity: Int) async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    var all: [TimeUUID] = []
    for number in 0..<25 { all.append(try await ports.sent("\(number)", ann, chat).id) }
    var (down, range) = ([TimeUUID](), HistoryRange.latest)
    while true {
      let page = try #require(try await ports.store.history(of: chat, for: ben, range, quantity: quantity))
      down += page.elements.map(\.id)
      guard let next = page.next else { break }
      #expect(next == page.elements.last?.id)
      range = .before(next)
    }
    #expect(down == all.reversed())
    var (up, cursor) = ([TimeUUID](), TimeUUID.beforeEverything)
    while true {
      let page = try #require(try await ports.store.history(of: chat, for: ben, .after(cursor), quantity: quantity))
      up += page.elements.map(\.id)
      guard let next = page.next else { break }
      cursor = next
    }
    #expect(up == all)
  }

  @Test func anEmptyChatHasAnEmptyPageAndAnyTextComesBackAsItWas() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    #expect(try await ports.store.history(of: chat, for: ann, .latest, quantity: 10)?.elements.isEmpty == true)
    let text = String(repeating: "👩‍👩‍👧‍👦\u{1F42A}\n\"\\\t", count: 300)
    let sent = try await ports.sent(text, ann, chat)
    #expect(try await ports.store.history(of: chat, for: ann, .latest, quantity: 10)?.elements == [sent])
    #expect(sent.text == text)
  }
}
