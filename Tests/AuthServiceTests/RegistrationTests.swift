import ChatDomain
import Testing

@testable import AuthService

@Suite("Registration over HTTP", .timeLimit(.minutes(2)))
struct RegistrationTests {
  @Test("A new user, with the defaults of the contract")
  func created() async throws {
    try await AuthFixture.run { auth in
      let reply = try await auth.register("Ann.B")
      #expect(reply.status == 201)
      #expect(reply["username"] == "ann.b")
      #expect(reply["display_name"] == "ann.b")
      #expect(UserID(reply["id"] ?? "") != nil)
      #expect(reply["created_at"] == "2027-01-15T08:00:00.000Z")
      #expect(reply.json.count == 4)
      #expect(try await auth.register("bob", display: " Bob  B ")["display_name"] == "Bob  B")
    }
  }

  @Test(
    "What is wrong is named",
    arguments: [
      (#"{"username":"ab","password":"12345678"}"#, "username"),
      (#"{"username":"a b","password":"12345678"}"#, "username"),
      (#"{"username":"abc","password":"1234567"}"#, "password"), (#"{"username":"abc"}"#, "password"),
      (#"{"password":"12345678"}"#, "username"), (#"{"username":5,"password":"12345678"}"#, "username"),
      (#"{"username":"abc","password":"12345678","display_name":"  "}"#, "display_name"),
      (#"{"username":"abc","password":"12345678","display_name":7}"#, "display_name"),
      (#"{"username":"abc","password":"1234567\u0000"}"#, "password"),
      (#"{"username":"abc","password":"1234567\ud800"}"#, "password"), ("[]", "body"), ("{", "body"),
    ])
  func invalid(body: String, field: String) async throws {
    try await AuthFixture.run(inMemory: true) { auth in
      let reply = try await auth.call("POST", "/users", body)
      #expect(reply.status == 400)
      #expect(reply.problem == "invalid_request")
      #expect(reply["detail"]?.contains(field) == true, "\(reply.text)")
      #expect(!reply.text.contains("1234567"))
    }
  }

  @Test("A taken name in any case, and of racing registrations exactly one")
  func taken() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let again = try await auth.register("ANN")
      #expect(again.status == 409)
      #expect(again.problem == "username_taken")
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<12 { group.addTask { try await auth.register("racer").status } }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.filter { $0 == 201 }.count == 1)
      #expect(statuses.filter { $0 == 409 }.count == 11)
    }
  }

  @Test("Five accounts an hour from one address; others, and later, more; taken names count nothing")
  func limit() async throws {
    var settings = AuthFixture.settings
    settings.limits.registrationsPerHour = 5
    try await AuthFixture.run(settings, inMemory: true) { auth in
      func register(_ name: String, _ address: String) async throws -> AuthFixture.Reply {
        try await auth.call("POST", "/users", #"{"username":"\#(name)","password":"12345678"}"#, from: address)
      }
      for number in 0..<5 { #expect(try await register("user\(number)", "2001:db8::\(number + 1)").status == 201) }
      for _ in 0..<8 { #expect(try await register("user1", "2001:db8::1").status == 409) }
      let refused = try await register("user5", "2001:db8::ffff:1")
      #expect(refused.status == 429)
      #expect(refused.problem == "rate_limited")
      #expect(refused.headers["retry-after"] == "720")
      #expect(try await register("user6", "2001:db8:0:1::1").status == 201)
      auth.clock.advance(seconds: 720)
      #expect(try await register("user5", "2001:db8::1").status == 201)
    }
  }

  @Test("With the limits off nothing is counted")
  func off() async throws {
    var settings = AuthFixture.settings
    settings.limits = AuthLimits()
    settings.limits.areOn = false
    try await AuthFixture.run(settings, inMemory: true) { auth in
      for number in 0..<8 {
        let reply = try await auth.register("user\(number)")
        #expect(reply.status == 201)
      }
      for _ in 0..<15 {
        let reply = try await auth.logIn("user1", password: "wrong wrong")
        #expect(reply.status == 401)
      }
    }
  }

  @Test("A store that does not answer is 503 with Retry-After, and counts for no limit")
  func unavailable() async throws {
    var settings = AuthFixture.settings
    settings.limits.registrationsPerHour = 1
    try await AuthFixture.run(settings, inMemory: true) { auth in
      auth.memory?.fail(StoreError(.unavailable, "test"))
      for _ in 0..<20 {
        let reply = try await auth.logIn("ann")
        #expect(reply.status == 503)
        #expect(reply.problem == "unavailable")
        #expect(reply.headers["retry-after"] != nil)
      }
      #expect(try await auth.register("ann").status == 503)
      auth.memory?.fail(nil)
      #expect(try await auth.register("ann").status == 201)
      #expect(try await auth.logIn("ann").status == 200)
    }
  }
}
