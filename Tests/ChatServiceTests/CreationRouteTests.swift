import ChatDomain
import ChatService
import HTTPServer
import Testing

@Suite("POST /chat", .timeLimit(.minutes(1)))
struct CreationRouteTests {
  private func create(
    _ body: String, by user: UserID, key: IdempotencyKey? = nil, _ fixture: ChatFixture
  ) async throws -> ChatFixture.Reply {
    var headers = Headers()
    headers["Idempotency-Key"] = key.map { "\($0)" }
    return try await fixture.call(.POST, "/chat", body, by: user, headers: headers)
  }

  private func members(_ users: [UserID], title: String = "Dunes") -> String {
    #"{"members":[\#(users.map { "\"\($0)\"" }.joined(separator: ","))],"title":"\#(title)"}"#
  }

  @Test("A direct chat is made once, whoever asks")
  func direct() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let first = try await create(#"{"user_id":"\#(users[1])"}"#, by: users[0], fixture)
    #expect(first.status == 201)
    let chat: WireChat = try first.read()
    #expect(chat.kind == "direct" && chat.title == nil && chat.member_count == 2)
    for (other, user) in [(users[1], users[0]), (users[0], users[1])] {
      let again = try await create(#"{"user_id":"\#(other)"}"#, by: user, fixture)
      #expect(again.status == 200)
      #expect(try again.read(WireChat.self).id == chat.id)
    }
  }

  @Test("Oneself and doubles do not count as members of a group")
  func group() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(3)
    let reply = try await create(members(users + users, title: "Dünen 🐪"), by: users[0], fixture)
    #expect(reply.status == 201)
    let chat: WireChat = try reply.read()
    #expect(chat.member_count == 3 && chat.title == "Dünen 🐪")
    #expect(try await create(members([users[0], users[1], users[1]]), by: users[0], fixture).status == 400)
  }

  @Test("A key makes one group; with other members or another title it is 409")
  func key() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(4)
    let key = IdempotencyKey.random()
    let first = try await create(members([users[1], users[2]]), by: users[0], key: key, fixture)
    #expect(first.status == 201)
    let again = try await create(members([users[2], users[1], users[0]]), by: users[0], key: key, fixture)
    #expect(again.status == 200)
    #expect(try again.read(WireChat.self).id == first.read(WireChat.self).id)
    for body in [members([users[1], users[3]]), members([users[1], users[2]], title: "Other")] {
      let reused = try await create(body, by: users[0], key: key, fixture)
      #expect(reused.status == 409)
      #expect(reused.problem == "key_reused")
    }
    #expect(try await create(members([users[1], users[2]]), by: users[0], fixture).status == 201)
  }

  @Test("Up to 256 others")
  func size() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(258)
    let refused = try await create(members(users), by: users[0], fixture)
    #expect(refused.status == 400)
    #expect(refused.detail.contains("members"))
    let chat: WireChat = try await create(members(Array(users[1...256])), by: users[0], fixture).read()
    #expect(chat.member_count == 257)
    #expect(chat.members.count == ChatLimits.summaryMembers)
    #expect(chat.members.contains { $0.user_id == "\(users[0])" })
  }

  @Test("Somebody unknown is 404, and nothing is made")
  func unknown() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    for body in [#"{"user_id":"\#(UserID.random())"}"#, members([users[1], .random()])] {
      let reply = try await create(body, by: users[0], fixture)
      #expect(reply.status == 404)
      #expect(reply.problem == "user_not_found")
    }
    #expect(try await fixture.call(.GET, "/chat", by: users[0]).text == #"{"chats":[],"next":null}"#)
  }

  // Outside the macro: an interpolation within its arguments crashes the compiler of Swift 6.0.
  static let refused: [(body: String, field: String)] = [
    ("{}", "user_id"), (#"{"user_id":"CALLER"}"#, "user_id"), (#"{"user_id":"x"}"#, "user_id"),
    (#"{"user_id":"OTHER","members":["OTHER"]}"#, "members"),
    (#"{"members":["OTHER","CALLER"],"title":"x"}"#, "members"),
    (#"{"members":[],"title":"x"}"#, "members"), (#"{"members":["OTHER","THIRD"]}"#, "title"),
    (#"{"members":["OTHER","THIRD"],"title":""}"#, "title"), (#"{"members":["OTHER","THIRD"],"title":"  "}"#, "title"),
    (#"{"members":["OTHER","THIRD"],"title":"a\nb"}"#, "title"), (#"{"members":["OTHER","x"],"title":"x"}"#, "members"),
    ("{\"members\":[\"OTHER\",\"THIRD\"],\"title\":\"\(String(repeating: "x", count: 101))\"}", "title"),
  ]

  @Test("What is out of its limits is named", arguments: refused)
  func limits(body: String, field: String) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(3)
    let body = body.replacing("CALLER", with: "\(users[0])").replacing("OTHER", with: "\(users[1])")
      .replacing("THIRD", with: "\(users[2])")
    let reply = try await create(body, by: users[0], fixture)
    #expect(reply.status == 400)
    #expect(reply.problem == "invalid_request")
    #expect(reply.detail.contains(field), "\(reply.text)")
  }

  @Test("New chats with people who have not answered are limited; an answer or a day makes room for another")
  func unanswered() async throws {
    var settings = ChatSettings()
    settings.unansweredChatsPerDay = 2
    let fixture = try await ChatFixture(settings)
    let users = try await fixture.users(6)
    func open(_ other: Int) async throws -> ChatFixture.Reply {
      try await create(#"{"user_id":"\#(users[other])"}"#, by: users[0], fixture)
    }
    let chat: WireChat = try await open(1).read()
    fixture.clock.advance(by: 3_600_000_000)
    #expect(try await open(2).status == 201)
    let refused = try await open(3)
    #expect(refused.status == 429)
    #expect(refused.problem == "rate_limited")
    #expect(refused.retryAfter == 23 * 3_600)
    #expect(try await create(members([users[3], users[4]]), by: users[0], fixture).status == 429)
    #expect(try await open(1).status == 200, "what exists is found")
    #expect(try await create(#"{"user_id":"\#(users[3])"}"#, by: users[1], fixture).status == 201)
    _ = try await fixture.send("an answer", to: chat, by: users[1])
    #expect(try await open(3).status == 201)
    let wait = try #require(try await open(4).retryAfter)
    fixture.clock.advance(by: Int64(wait) * 1_000_000)
    #expect(try await open(4).status == 201)
  }
}
