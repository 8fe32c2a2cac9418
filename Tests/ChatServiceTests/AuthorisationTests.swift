import ChatDomain
import HTTPServer
import Testing

/// Invariant 5, members only: at every route of the chat role.
@Suite("Who may", .timeLimit(.minutes(1)))
struct AuthorisationTests {
  /// Routes that name a chat.
  static let chatRoutes: [(Method, String, String?)] = [
    (.GET, "", nil), (.GET, "?quantity=5", nil), (.GET, "?after=\(TimeUUID.beforeEverything)", nil),
    (.POST, "", #"{"text":"hello"}"#), (.GET, "/info", nil), (.GET, "/members", nil),
    (.PUT, "/read", #"{"message_id":"MESSAGE"}"#),
  ]
  static let ownRoutes: [(Method, String, String?)] = [
    (.GET, "/chat", nil), (.GET, "/chat/heads", nil), (.POST, "/chat", #"{"user_id":"\#(UserID.random())"}"#),
  ]

  @Test("A stranger gets of a chat what anybody gets of one that does not exist", arguments: chatRoutes)
  func stranger(method: Method, route: String, body: String?) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(4)
    for chat in [
      try await fixture.direct(users[0], users[1]), try await fixture.group(users[0], [users[1], users[2]]),
    ] {
      let message = try await fixture.send("secret", to: chat, by: users[0])
      let body = body?.replacing("MESSAGE", with: message.id)
      let refused = try await fixture.call(method, "/chat/\(chat.id)\(route)", body, by: users[3])
      #expect(refused.status == 404)
      #expect(refused.problem == "chat_not_found")
      for other in ["\(ChatID.random())", "nonsense", String(repeating: "0", count: 36)] {
        let unknown = try await fixture.call(method, "/chat/\(other)\(route)", body, by: users[3])
        #expect(unknown.status == 404)
        #expect(unknown.bytes == refused.bytes, "nothing tells the two apart")
      }
      #expect(try await fixture.page(chat, by: users[0]).messages == [message])
      #expect(try await fixture.info(chat, by: users[1]).members.allSatisfy { $0.read_up_to == nil })
    }
    #expect(fixture.receiver.messages.count == 2)
  }

  @Test("A member gets an answer at every route", arguments: chatRoutes)
  func member(method: Method, route: String, body: String?) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    let message = try await fixture.send("hello", to: chat, by: users[0])
    for id in [chat.id, chat.id.uppercased()] {
      let body = body?.replacing("MESSAGE", with: message.id)
      let reply = try await fixture.call(method, "/chat/\(id)\(route)", body, by: users[1])
      #expect((200..<300).contains(reply.status))
    }
  }

  @Test("Nobody without a token that we know", arguments: chatRoutes + ownRoutes)
  func nobody(method: Method, route: String, body: String?) async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(2)
    let chat = try await fixture.direct(users[0], users[1])
    let target = route.hasPrefix("/chat") ? route : "/chat/\(chat.id)\(route)"
    for caller in [nil, UserID.random()] {
      let refused = try await fixture.call(method, target, body, by: caller)
      #expect(refused.status == 401)
      #expect(refused.problem == "unauthorized")
    }
  }

  @Test("Lists hold one's own chats only")
  func lists() async throws {
    let fixture = try await ChatFixture()
    let users = try await fixture.users(3)
    let chat = try await fixture.direct(users[0], users[1])
    _ = try await fixture.send("hello", to: chat, by: users[0])
    #expect(try await fixture.call(.GET, "/chat", by: users[2]).text == #"{"chats":[],"next":null}"#)
    #expect(try await fixture.call(.GET, "/chat/heads", by: users[2]).text == #"{"heads":[]}"#)
  }
}
