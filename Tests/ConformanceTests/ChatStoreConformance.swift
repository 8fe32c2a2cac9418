import ChatDomain
import TestSupport
import Testing

/// What `ChatStore` promises about chats, lists and read marks, for every adapter.
@Suite(.timeLimit(.minutes(1)))
struct ChatStoreConformance {
  let ann = UserID.random()
  let ben = UserID.random()
  let eve = UserID.random()

  @Test func concurrentCreatorsOfOneDirectChatGetTheSame() async throws {
    let ports = try await ChatPorts.sqlite()
    let (ann, ben) = (ann, ben)
    let id = ChatID.direct(ann, ben)
    #expect(id == ChatID.direct(ben, ann))
    let outcomes = try await withThrowingTaskGroup(of: ChatCreation.self) { group in
      for number in 0..<20 {
        let creator = number.isMultiple(of: 2) ? ann : ben
        group.addTask { try await ports.store.createChat(ports.newChat(id, .direct, by: creator, [ann, ben])) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == .created }.count == 1)
    #expect(outcomes.filter { $0 == .existed(id) }.count == 19)
  }

  @Test func aGroupIsCreatedOnceForAKey() async throws {
    let ports = try await ChatPorts.sqlite()
    let key = IdempotencyKey.random()
    let (first, second) = (ChatID.random(), ChatID.random())
    let members = [ann, ben, eve]
    #expect(try await ports.store.createChat(ports.newChat(first, .group, by: ann, members, key: key)) == .created)
    #expect(
      try await ports.store.createChat(ports.newChat(second, .group, by: ann, members, key: key)) == .existed(first))
    #expect(
      try await ports.store.createChat(ports.newChat(second, .group, by: ann, members + [.random()], key: key))
        == .keyReused)
    #expect(try await ports.store.createChat(ports.newChat(second, .group, by: ben, members, key: key)) == .created)
  }

  @Test func unansweredChatsAreLimitedUntilSomebodyAnswers() async throws {
    let ports = try await ChatPorts.sqlite()
    let others = (0..<3).map { _ in UserID.random() }
    func open(_ other: UserID) async throws -> ChatCreation {
      try await ports.store.createChat(
        ports.newChat(.direct(ann, other), .direct, by: ann, [ann, other], limit: 2))
    }
    #expect(try await open(others[0]) == .created)
    #expect(try await open(others[1]) == .created)
    guard case .tooManyUnanswered = try await open(others[2]) else { throw StoreError(.closed, "must be refused") }
    #expect(try await open(others[0]) == .existed(.direct(ann, others[0])))
    _ = try await ports.sent("still me", ann, .direct(ann, others[0]))
    guard case .tooManyUnanswered = try await open(others[2]) else { throw StoreError(.closed, "must be refused") }
    _ = try await ports.sent("an answer", others[0], .direct(ann, others[0]))
    #expect(try await open(others[2]) == .created)
  }

  @Test func aDirectChatWithoutAMessageIsListedForItsCreatorOnly() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    #expect(try await ports.store.summaries(for: ann, after: nil, quantity: 10).elements.map(\.chat.id) == [chat])
    #expect(try await ports.store.summaries(for: ben, after: nil, quantity: 10).elements.isEmpty)
    #expect(try await ports.store.heads(for: ben).isEmpty)
    let message = try await ports.sent("hi", ann, chat)
    let listed = try await ports.store.summaries(for: ben, after: nil, quantity: 10).elements
    #expect(listed.map(\.lastMessage) == [message])
    #expect(try await ports.store.heads(for: ben) == [ChatHead(chat: chat, lastMessage: message.id, unread: 1)])
  }

  @Test(arguments: [1, 3, 7, 50])
  func theListIsByActivityAndItsPagesJoin(quantity: Int) async throws {
    let ports = try await ChatPorts.sqlite()
    var chats: [ChatID] = []
    for _ in 0..<12 {
      chats.append(try await ports.group([ann, .random(), .random()]))
      ports.clock.advance(by: 1_000_000)
    }
    for index in [5, 2, 9] {
      _ = try await ports.sent("up", ann, chats[index])
      ports.clock.advance(by: 1_000_000)
    }
    let expected = [9, 2, 5, 11, 10, 8, 7, 6, 4, 3, 1, 0].map { chats[$0] }
    var (listed, cursor) = ([ChatID](), ChatListCursor?.none)
    repeat {
      let page = try await ports.store.summaries(for: ann, after: cursor, quantity: quantity)
      listed += page.elements.map(\.chat.id)
      cursor = page.next
    } while cursor != nil
    #expect(listed == expected)
  }

  @Test func unreadCountsOthersMessagesAfterTheMarkUpToAHundred() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    var last = TimeUUID.beforeEverything
    for number in 0..<130 {
      last = try await ports.sent("\(number)", ann, chat).id
      _ = try await ports.sent("own", ben, chat)
    }
    #expect(try await ports.store.summary(of: chat, for: ben)?.unread == 100)
    #expect(try await ports.log.append(ReadMark(chat: chat, user: ben, upTo: last)) == .done)
    #expect(try await ports.store.summary(of: chat, for: ben)?.unread == 0)
    #expect(try await ports.store.heads(for: ben).map(\.unread) == [0])
  }

  @Test("Read marks for an older id arrive later, and none goes beyond the end")
  func readMarksNeverMoveBackwardsNorBeyondTheEnd() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.direct(ann, ben)
    let first = try await ports.sent("1", ann, chat).id
    let second = try await ports.sent("2", ann, chat).id
    func mark(_ id: TimeUUID) async throws -> ReadOutcome {
      try await ports.log.append(ReadMark(chat: chat, user: ben, upTo: id))
    }
    #expect(try await mark(second) == .done)
    #expect(try await mark(first) == .done)
    #expect(try await ports.store.summary(of: chat, for: ben)?.readUpTo == second)
    #expect(try await mark(TimeUUID(ticks: second.ticks + 1, tail: second.tail)) == .noSuchMessage)
    let receipts = ports.receiver.deliveries.filter { if case .read = $0.news { true } else { false } }
    #expect(receipts.count == 1)
    #expect(Set(receipts[0].recipients) == [ann, ben])
  }

  @Test func inALargeGroupOnlyReaderAndSenderHearOfAReceipt() async throws {
    let ports = try await ChatPorts.sqlite()
    let chat = try await ports.group([ann, ben] + (0..<30).map { _ in UserID.random() })
    let message = try await ports.sent("all", ann, chat)
    _ = try await ports.log.append(ReadMark(chat: chat, user: ben, upTo: message.id))
    #expect(Set(ports.receiver.deliveries[1].recipients) == [ann, ben])
    #expect(ports.receiver.deliveries[0].recipients.count == 32)
  }
}
