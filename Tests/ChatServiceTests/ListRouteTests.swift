import ChatDomain
import HTTPServer
import Testing

@Suite("Lists", .timeLimit(.minutes(1)))
struct ListRouteTests {
  @Test("Chats by their newest activity, in pages of any size", arguments: [1, 2, 3, 7, 100])
  func chats(quantity: Int) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(8)
    var ids: [String] = []
    for other in users[1...] {
      let chat = try await fixture.direct(users[0], other)
      _ = try await fixture.send("hello", to: chat, by: other)
      ids.append(chat.id)
    }
    var (listed, query, pages) = ([WireChat](), "?quantity=\(quantity)", 0)
    while true {
      let page: WireChats = try await fixture.call(.GET, "/chat\(query)", by: users[0]).read()
      listed += page.chats
      pages += 1
      guard let next = page.next else { break }
      query = "?quantity=\(quantity)&after=\(next)"
    }
    #expect(listed.map(\.id) == ids.reversed())
    #expect(listed.allSatisfy { $0.unread == 1 && $0.last_message?.text == "hello" })
    #expect(pages == (7 + quantity - 1) / quantity, "the last page says that it is the last")
  }

  @Test("Heads tell of every listed chat its last message and what is unread")
  func heads() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(3)
    let (chat, empty) = (try await fixture.direct(users[0], users[1]), try await fixture.direct(users[0], users[2]))
    let last = try await fixture.send("hello", to: chat, by: users[0])
    func heads(_ user: UserID) async throws -> [String: WireHeads.Head] {
      let answer: WireHeads = try await fixture.call(.GET, "/chat/heads", by: user).read()
      return Dictionary(uniqueKeysWithValues: answer.heads.map { ($0.chat_id, $0) })
    }
    let own = try await heads(users[0])
    #expect(Set(own.keys) == [chat.id, empty.id])
    #expect(own[chat.id]?.last_message_id == last.id && own[chat.id]?.unread == 0)
    #expect(own[empty.id]?.last_message_id == nil)
    #expect(try await heads(users[1])[chat.id]?.unread == 1)
    #expect(try await heads(users[2]).isEmpty, "a direct chat without a message is its creator's alone")
  }

  @Test("Members by username, in pages of any size", arguments: [1, 4, 9, 100])
  func members(quantity: Int) async throws {
    let fixture = try await ChatFixture()
    var users: [UserID] = []
    for name in ["mia", "ann", "zoe", "ben", "eve", "kim", "lea", "max", "ian"] {
      users.append(try await fixture.user(name))
    }
    let chat = try await fixture.group(users[0], Array(users[1...]))
    var (names, query) = ([String](), "?quantity=\(quantity)")
    while true {
      let page: WireMembers = try await fixture.call(.GET, "/chat/\(chat.id)/members\(query)", by: users[3]).read()
      names += page.members.map(\.username)
      #expect(page.members.count <= quantity)
      guard let next = page.next else { break }
      query = "?quantity=\(quantity)&after=\(next)"
    }
    #expect(names == ["ann", "ben", "eve", "ian", "kim", "lea", "max", "mia", "zoe"])
  }

  // Outside the macro: an interpolation within its arguments crashes the compiler of Swift 6.0.
  static let refused: [(query: String, field: String)] = [
    ("quantity=0", "quantity"), ("quantity=101", "quantity"), ("quantity=x", "quantity"), ("after=", "after"),
    ("after=x", "after"), ("after=\(TimeUUID.beforeEverything)x", "after"), ("after=%F0%9F%90%AA", "after"),
  ]

  @Test("What is out of its limits is named", arguments: refused)
  func limits(query: String, field: String) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    for list in ["/chat", "/chat/\(chat.id)/members"] {
      let reply = try await fixture.call(.GET, "\(list)?\(query)", by: users[0])
      #expect(reply.status == 400)
      #expect(reply.problem == "invalid_request")
      #expect(reply.detail.contains(field))
    }
  }

  @Test("A member list's cursor names somebody who exists")
  func cursorOfNobody() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    let reply = try await fixture.call(.GET, "/chat/\(chat.id)/members?after=\(UserID.random())", by: users[0])
    #expect(reply.status == 400)
  }
}
