import ChatDomain
import ChatService
import HTTPServer
import Testing

@Suite("POST /chat/{id}", .timeLimit(.minutes(1)))
struct SendRouteTests {
  private func chat(_ settings: ChatSettings = ChatSettings()) async throws -> (ChatFixture, WireChat, [UserID]) {
    let fixture = try await ChatFixture(settings)
    let users = try await fixture.users(2)
    return (fixture, try await fixture.direct(users[0], users[1]), users)
  }

  private func body(_ text: String) -> String { #"{"text":"\#(text)"}"# }

  @Test("201 with the message, which is readable at once")
  func sent() async throws {
    let (fixture, chat, users) = try await chat()
    let reply = try await fixture.call(.POST, "/chat/\(chat.id)", body(#"größe 🐪\n\"\\"#), by: users[0])
    #expect(reply.status == 201)
    let message: WireMessage = try reply.read()
    #expect(message.text == "größe 🐪\n\"\\")
    #expect(message.sender_id == "\(users[0])" && message.chat_id == chat.id && message.key == nil)
    #expect(try await fixture.page(chat, by: users[1]).messages == [message])
  }

  @Test("A repeated key is 200 with the first message, with another text 409, of somebody else another send")
  func idempotency() async throws {
    let (fixture, chat, users) = try await chat()
    let headers: Headers = ["Idempotency-Key": "\(IdempotencyKey.random())"]
    let upper: Headers = ["Idempotency-Key": headers["Idempotency-Key"]?.uppercased() ?? ""]
    let first = try await fixture.call(.POST, "/chat/\(chat.id)", body("once"), by: users[0], headers: headers)
    #expect(first.status == 201)
    for headers in [headers, upper, headers] {
      let again = try await fixture.call(.POST, "/chat/\(chat.id)", body("once"), by: users[0], headers: headers)
      #expect(again.status == 200)
      #expect(again.bytes == first.bytes)
    }
    let other = try await fixture.call(.POST, "/chat/\(chat.id)", body("twice"), by: users[0], headers: headers)
    #expect(other.status == 409)
    #expect(other.problem == "key_reused")
    #expect(
      try await fixture.call(.POST, "/chat/\(chat.id)", body("once"), by: users[1], headers: headers).status == 201)
    #expect(fixture.receiver.messages.count == 2)
  }

  @Test("A key belongs to its chat")
  func keysOfChats() async throws {
    let (fixture, chat, users) = try await chat()
    let other = try await fixture.group(users[0], [users[1], try await fixture.user("third")])
    let headers: Headers = ["Idempotency-Key": "\(IdempotencyKey.random())"]
    for chat in [chat, other] {
      let reply = try await fixture.call(.POST, "/chat/\(chat.id)", body("once"), by: users[0], headers: headers)
      #expect(reply.status == 201)
    }
  }

  @Test("The device of a send with a key is handed on, that of one without is not")
  func device() async throws {
    let (fixture, chat, users) = try await chat()
    let device = DeviceID.random()
    let both: Headers = ["Idempotency-Key": "\(IdempotencyKey.random())", "Caravan-Device": "\(device)"]
    for headers in [both, ["Caravan-Device": "\(device)"]] {
      let reply = try await fixture.call(.POST, "/chat/\(chat.id)", body("hello"), by: users[0], headers: headers)
      #expect(reply.status == 201)
    }
    #expect(fixture.receiver.deliveries.map(\.senderDevice) == [device, nil])
  }

  // Outside the macro: an interpolation within its arguments crashes the compiler of Swift 6.0.
  static let refused: [(body: String, field: String)] = [
    (#"{"text":""}"#, "text"), (#"{"text":" \n\t\u00a0\u200b"}"#, "text"), (#"{"text":7}"#, "text"), ("{}", "text"),
    (#"{"text":null}"#, "text"), (#"{"text":"a\u0000"}"#, "text"), (#"{"text":"\ud83d"}"#, "text"), ("[]", "body"),
    ("", "body"), ("{\"text\":\"\(String(repeating: "a", count: 4_001))\"}", "text"),
    ("{\"text\":\"\(String(repeating: "🐪", count: 4_001))\"}", "text"),
  ]

  @Test("A text is 1 to 4,000 scalars, not all blank", arguments: refused)
  func bounds(body: String, field: String) async throws {
    let (fixture, chat, users) = try await chat()
    let reply = try await fixture.call(.POST, "/chat/\(chat.id)", body, by: users[0])
    #expect(reply.status == 400)
    #expect(reply.problem == "invalid_request")
    #expect(reply.detail.contains(field), "\(reply.text)")
    #expect(fixture.receiver.messages.isEmpty)
  }

  @Test("Scalars are counted, not bytes nor what they look like", arguments: ["a", "é", "🐪", "e\u{301}"])
  func longest(unit: String) async throws {
    let (fixture, chat, users) = try await chat()
    let text = String(repeating: unit, count: 4_000 / unit.unicodeScalars.count)
    #expect(try await fixture.call(.POST, "/chat/\(chat.id)", body(text), by: users[0]).status == 201)
    #expect(try await fixture.call(.POST, "/chat/\(chat.id)", body(text + "a"), by: users[0]).status == 400)
  }

  @Test("A header that should be a UUID and is none is named", arguments: ["Idempotency-Key", "Caravan-Device"])
  func headers(name: String) async throws {
    let (fixture, chat, users) = try await chat()
    for value in ["", "1", "\(IdempotencyKey.random())x"] {
      var headers = Headers()
      headers[name] = value
      let reply = try await fixture.call(.POST, "/chat/\(chat.id)", body("hello"), by: users[0], headers: headers)
      #expect(reply.status == 400)
      #expect(reply.detail.contains(name))
    }
    #expect(fixture.receiver.messages.isEmpty)
  }

  @Test("Twenty sends at once and five a second; beyond, 429 says how long to wait, to that sender only")
  func limit() async throws {
    let (fixture, chat, users) = try await chat()
    func send(_ user: UserID) async throws -> ChatFixture.Reply {
      try await fixture.call(.POST, "/chat/\(chat.id)", body("quick"), by: user)
    }
    for _ in 0..<20 { #expect(try await send(users[0]).status == 201) }
    let refused = try await send(users[0])
    #expect(refused.status == 429)
    #expect(refused.problem == "rate_limited")
    #expect(refused.retryAfter == 1)
    #expect(try await send(users[1]).status == 201)
    fixture.monotonic.advance(by: 1_000_000)
    for _ in 0..<5 { #expect(try await send(users[0]).status == 201) }
    #expect(try await send(users[0]).status == 429)
    #expect(fixture.receiver.messages.count == 26)
  }

  @Test("Retry-After is the whole wait: whoever keeps to it is not refused again")
  func retryAfter() async throws {
    var settings = ChatSettings()
    (settings.sendsPerSecond, settings.sendBurst) = (1, 1)
    let (fixture, chat, users) = try await chat(settings)
    for _ in 0..<3 {
      #expect(try await fixture.call(.POST, "/chat/\(chat.id)", body("x"), by: users[0]).status == 201)
      fixture.monotonic.advance(by: 1)
      let refused = try await fixture.call(.POST, "/chat/\(chat.id)", body("x"), by: users[0])
      fixture.monotonic.advance(by: Int64(try #require(refused.retryAfter)) * 1_000_000)
    }
  }

  @Test("What is no message takes nothing from the allowance")
  func refusalsAreFree() async throws {
    var settings = ChatSettings()
    settings.sendBurst = 1
    let (fixture, chat, users) = try await chat(settings)
    for _ in 0..<5 { #expect(try await fixture.call(.POST, "/chat/\(chat.id)", body(""), by: users[0]).status == 400) }
    #expect(try await fixture.call(.POST, "/chat/\(chat.id)", body("x"), by: users[0]).status == 201)
  }

  @Test("With the limits off nobody is counted")
  func off() async throws {
    var settings = ChatSettings()
    settings.areLimitsOn = false
    let (fixture, chat, users) = try await chat(settings)
    for _ in 0..<60 {
      #expect(try await fixture.call(.POST, "/chat/\(chat.id)", body("x"), by: users[0]).status == 201)
    }
  }
}
