import ChatDomain
import Testing

@Suite("PUT /chat/{id}/read", .timeLimit(.minutes(1)))
struct ReadMarkRouteTests {
  private func mark(
    _ id: String, in chat: WireChat, by user: UserID, _ fixture: ChatFixture
  ) async throws -> ChatFixture.Reply {
    try await fixture.call(.PUT, "/chat/\(chat.id)/read", #"{"message_id":"\#(id)"}"#, by: user)
  }

  @Test("Marks move forwards only, and one that would not is answered all the same")
  func forwards() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    var ids: [String] = []
    for number in 0..<5 { ids.append(try await fixture.send("\(number)", to: chat, by: users[0]).id) }
    for (index, upTo) in [(1, 1), (3, 3), (0, 3), (3, 3), (4, 4), (2, 4)] {
      let reply = try await mark(ids[index], in: chat, by: users[1], fixture)
      #expect(reply.status == 204 && reply.bytes.isEmpty)
      let info = try await fixture.info(chat, by: users[1])
      #expect(info.read_up_to == ids[upTo])
      #expect(info.unread == 4 - upTo)
      let seen = try await fixture.info(chat, by: users[0]).members.first { $0.user_id == "\(users[1])" }
      #expect(seen?.read_up_to == ids[upTo])
    }
    #expect(fixture.receiver.deliveries.count == 5 + 3, "a mark that changes nothing is no news")
  }

  @Test("An id beyond the last message, and any in an empty chat, is refused")
  func beyond() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    let anywhere = TimeUUID(ticks: TimeUUID.ticksBefore1970 + 1, tail: 1 << 63)
    #expect(try await mark("\(anywhere)", in: chat, by: users[0], fixture).status == 400)
    let last = try #require(TimeUUID(try await fixture.send("last", to: chat, by: users[0]).id))
    let later = TimeUUID(ticks: last.ticks + 1, tail: last.tail)
    let refused = try await mark("\(later)", in: chat, by: users[1], fixture)
    #expect(refused.status == 400)
    #expect(refused.problem == "invalid_request")
    #expect(refused.detail.contains("message_id"))
    #expect(try await mark("\(last)", in: chat, by: users[1], fixture).status == 204)
  }

  @Test("Before everything is at or before any mark: nothing changes")
  func beforeEverything() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    let zero = "00000000-0000-1000-8000-000000000000"
    #expect("\(TimeUUID.beforeEverything)" == zero)
    #expect(try await mark(zero, in: chat, by: users[1], fixture).status == 204)
    _ = try await fixture.send("hello", to: chat, by: users[0])
    #expect(try await mark(zero, in: chat, by: users[1], fixture).status == 204)
    #expect(try await fixture.info(chat, by: users[1]).read_up_to == nil)
    #expect(try await fixture.info(chat, by: users[1]).unread == 1)
  }

  @Test("The id of a message of another chat is refused, also one older than this chat's last")
  func otherChat() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(3)
    let (chat, other) = (try await fixture.direct(users[0], users[1]), try await fixture.direct(users[0], users[2]))
    let foreign = try await fixture.send("elsewhere", to: other, by: users[0])
    let own = try await fixture.send("here", to: chat, by: users[0])
    #expect(try await mark(foreign.id, in: chat, by: users[1], fixture).status == 400)
    #expect(try await fixture.info(chat, by: users[1]).read_up_to == nil)
    // At or before a mark nothing changes, whatever it names.
    #expect(try await mark(own.id, in: chat, by: users[1], fixture).status == 204)
    #expect(try await mark(foreign.id, in: chat, by: users[1], fixture).status == 204)
    #expect(try await fixture.info(chat, by: users[1]).read_up_to == own.id)
  }

  @Test(
    "What is no message id is named",
    arguments: [
      "{}", #"{"message_id":null}"#, #"{"message_id":7}"#, #"{"message_id":""}"#,
      #"{"message_id":"0b7d6e0e-6e5c-4e7b-9a53-0b1f5e6f7a80"}"#,
    ])
  func malformed(body: String) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    let refused = try await fixture.call(.PUT, "/chat/\(chat.id)/read", body, by: users[0])
    #expect(refused.status == 400)
    #expect(refused.detail.contains("message_id"))
  }
}
