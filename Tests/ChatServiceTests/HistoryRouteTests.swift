import ChatDomain
import Testing

@Suite("GET /chat/{id}", .timeLimit(.minutes(1)))
struct HistoryRouteTests {
  /// A chat of 12 messages, and one of its members.
  private func chat() async throws -> (ChatFixture, WireChat, UserID, [String]) {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    var ids: [String] = []
    for number in 0..<12 { ids.append(try await fixture.send("\(number)", to: chat, by: users[number % 2]).id) }
    return (fixture, chat, users[1], ids)
  }

  @Test("Ten, newest first, where nothing is said; next is the last id of the page")
  func defaults() async throws {
    let (fixture, chat, user, ids) = try await chat()
    let page = try await fixture.page(chat, by: user)
    #expect(page.messages.map(\.id) == ids.suffix(10).reversed())
    #expect(page.next == ids[2])
    let rest = try await fixture.page(chat, "?time=\(ids[2])", by: user)
    #expect(rest.messages.map(\.id) == [ids[1], ids[0]])
    #expect(rest.next == nil)
  }

  @Test("A page that ends with the last message says that nothing lies beyond")
  func exactly() async throws {
    let (fixture, chat, user, ids) = try await chat()
    for query in ["?quantity=12", "?quantity=200", "?quantity=12&after=\(TimeUUID.beforeEverything)"] {
      let page = try await fixture.page(chat, query, by: user)
      #expect(page.messages.count == 12)
      #expect(page.next == nil)
    }
    #expect(try await fixture.page(chat, "?quantity=11", by: user).next == ids[1])
    #expect(try await fixture.page(chat, "?quantity=1", by: user).next == ids[11])
  }

  @Test("After a message come the later ones, oldest first")
  func after() async throws {
    let (fixture, chat, user, ids) = try await chat()
    let page = try await fixture.page(chat, "?after=\(ids[3].uppercased())&quantity=4", by: user)
    #expect(page.messages.map(\.id) == Array(ids[4...7]))
    #expect(page.next == ids[7])
    #expect(try await fixture.page(chat, "?after=\(ids[11])", by: user).messages.isEmpty)
  }

  @Test("A key is shown to its sender only")
  func keys() async throws {
    let (fixture, chat, user, _) = try await chat()
    let key = IdempotencyKey.random()
    let sent: WireMessage = try await fixture.call(
      .POST, "/chat/\(chat.id)", #"{"text":"mine"}"#, by: user, headers: ["Idempotency-Key": "\(key)"]
    ).read()
    #expect(sent.key == "\(key)")
    let other = try #require(chat.members.first { $0.user_id != "\(user)" }.flatMap { UserID($0.user_id) })
    #expect(try await fixture.page(chat, by: user).messages[0].key == "\(key)")
    #expect(try await fixture.page(chat, by: other).messages[0].key == nil)
  }

  // Outside the macro: an interpolation within its arguments crashes the compiler of Swift 6.0.
  static let outOfLimits: [(query: String, field: String)] = [
    ("quantity=0", "quantity"), ("quantity=201", "quantity"), ("quantity=-1", "quantity"), ("quantity=", "quantity"),
    ("quantity=ten", "quantity"), ("quantity=99999999999999999999", "quantity"), ("time=", "time"),
    ("time=yesterday", "time"), ("time=\(ChatID.random())", "time"), ("after=", "after"), ("after=1", "after"),
    ("after=\(ChatID.random())", "after"),
    ("time=\(TimeUUID.beforeEverything)&after=\(TimeUUID.beforeEverything)", "after"),
  ]

  @Test("What is out of its limits is named", arguments: outOfLimits)
  func limits(query: String, field: String) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    let refused = try await fixture.call(.GET, "/chat/\(chat.id)?\(query)", by: users[0])
    #expect(refused.status == 400)
    #expect(refused.problem == "invalid_request")
    #expect(refused.detail.contains(field))
  }
}
