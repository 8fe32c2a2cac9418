import AuthValidator
import ChatDomain
import Foundation
import HTTPServer
import Testing

@testable import AuthService

@Suite("Sessions over HTTP", .timeLimit(.minutes(2)))
struct SessionRouteTests {
  @Test("A session as the contract says, and a token that another service can verify by the published keys")
  func logIn() async throws {
    try await AuthFixture.run { auth in
      let user = try await auth.register("ann")
      let reply = try await auth.logIn("ANN")
      #expect(reply.status == 200)
      #expect(reply["token_type"] == "Bearer")
      #expect(reply.json["expires_in"] as? Int == 900)
      #expect((reply.json["user"] as? [String: Any])?["id"] as? String == user["id"])
      #expect(reply.headers["cache-control"] == "no-store")
      let jwks = try await auth.call("GET", "/.well-known/jwks.json")
      #expect(jwks.status == 200)
      let validator = AuthValidator(
        policy: TokenPolicy(issuer: "https://chat.example", audience: "caravan"),
        source: StaticJWKSSource(try JSONWebKeySet(parsing: jwks.text.utf8)))
      let claims = try validator.verify(try #require(reply["access_token"]), now: 1_800_000_000)
      #expect(claims.subject == user["id"])
      #expect(claims.issuedAt == 1_800_000_000)
      #expect(claims.expiresAt == 1_800_000_900)
    }
  }

  @Test("The same answer for an unknown user, a name that cannot exist, and a wrong password")
  func wrong() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      var texts: Set<String> = []
      for (name, password) in [("ann", "wrong password"), ("ann", "x"), ("nobody", "correct horse"), ("no such!", "x")]
      {
        let reply = try await auth.logIn(name, password: password)
        #expect(reply.status == 401)
        #expect(reply.problem == "invalid_credentials")
        var problem = reply.json
        problem["request_id"] = nil
        texts.insert(problem.map { "\($0)=\($1)" }.sorted().joined(separator: "&"))
      }
      #expect(texts.count == 1)
    }
  }

  @Test("After ten failures a wait for that name and address; the owner elsewhere still gets in")
  func throttle() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      for _ in 0..<10 { #expect(try await auth.logIn("ann", password: "wrong", from: "198.51.100.7").status == 401) }
      let refused = try await auth.logIn("ann", from: "198.51.100.7")
      #expect(refused.status == 429)
      #expect(refused.problem == "rate_limited")
      #expect(refused.headers["retry-after"] == "900")
      #expect(try await auth.logIn("Ann", from: "198.51.100.7").status == 429)
      #expect(try await auth.logIn("ann", from: "198.51.100.8").status == 200)
      auth.clock.advance(seconds: 900)
      #expect(try await auth.logIn("ann", from: "198.51.100.7").status == 200)
    }
  }

  @Test("Names that do not exist are throttled just the same")
  func throttledNobody() async throws {
    try await AuthFixture.run(inMemory: true) { auth in
      for number in 0...10 {
        let reply = try await auth.logIn("nobody", password: "wrong")
        #expect(reply.status == (number < 10 ? 401 : 429))
      }
    }
  }

  @Test("Refresh answer lost on a bad network: forgiven; a new pair each time, and reuse ends the session")
  func refresh() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let first = try #require(try await auth.logIn("ann")["refresh_token"])
      let second = try await auth.refresh(first)
      #expect(second.status == 200)
      #expect(second["refresh_token"] != first)
      #expect((second.json["user"] as? [String: Any])?["username"] as? String == "ann")
      auth.clock.advance(seconds: 59)
      let again = try #require(try await auth.refresh(first)["refresh_token"])
      auth.clock.advance(seconds: 900)
      let third = try await auth.refresh(again)
      #expect(third.status == 200)
      let reused = try await auth.refresh(first)
      #expect(reused.status == 401)
      #expect(reused.problem == "refresh_reused")
      let dead = try await auth.refresh(try #require(third["refresh_token"]))
      #expect(dead.status == 401)
      #expect(dead.problem == "unauthorized")
    }
  }

  @Test("What is no refresh token")
  func noToken() async throws {
    try await AuthFixture.run(inMemory: true) { auth in
      for text in ["", "x", RefreshTokenText.first().text] {
        let reply = try await auth.refresh(text)
        #expect(reply.status == 401)
      }
      #expect(try await auth.call("POST", "/token", "{}").status == 400)
      #expect(try await auth.call("POST", "/token", #"{"refresh_token":null}"#).status == 400)
    }
  }

  @Test("Log-out ends the session, and is answered 204 whatever it is given")
  func logOut() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let token = try #require(try await auth.logIn("ann")["refresh_token"])
      let other = try #require(try await auth.logIn("ann")["refresh_token"])
      for text in [token, token, "nonsense"] {
        #expect(try await auth.call("POST", "/logout", #"{"refresh_token":"\#(text)"}"#).status == 204)
      }
      #expect(try await auth.refresh(token).status == 401)
      #expect(try await auth.refresh(other).status == 200)
      #expect(try await auth.call("POST", "/logout", "{}").status == 400)
    }
  }

  @Test("A session ends thirty days after its last use, and the sweep removes it")
  func thirtyDays() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let token = try #require(try await auth.logIn("ann")["refresh_token"])
      auth.clock.advance(seconds: 30 * 86_400 - 1)
      let next = try #require(try await auth.refresh(token)["refresh_token"])
      auth.clock.advance(seconds: 30 * 86_400)
      #expect(try await auth.service.sweep() == 1)
      #expect(try await auth.refresh(next).status == 401)
    }
  }

  @Test("Two tabs refresh at once, or ten: all get an answer that goes on")
  func tabs() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let token = try #require(try await auth.logIn("ann")["refresh_token"])
      let replies = try await withThrowingTaskGroup(of: AuthFixture.Reply.self) { group in
        for _ in 0..<6 { group.addTask { try await auth.refresh(token) } }
        return try await group.reduce(into: [AuthFixture.Reply]()) { $0.append($1) }
      }
      #expect(replies.allSatisfy { $0.status == 200 })
      auth.clock.advance(seconds: 900)
      #expect(try await auth.refresh(try #require(replies.randomElement()?["refresh_token"])).status == 200)
    }
  }

  @Test("A hash with yesterday's parameters is renewed by a log-in, and the session stays")
  func rehash() async throws {
    try await AuthFixture.run { auth in
      let old = try #require(try Argon2(Argon2Parameters(passes: 2, memory: 9 << 20)).hash("correct horse"))
      let user = User(id: .random(), username: "old", displayName: "Old", createdAt: Timestamp(milliseconds: 0))
      _ = try await auth.store.createUser(ifUsernameFree: NewUser(user: user, passwordHash: old))
      let token = try #require(try await auth.logIn("old")["refresh_token"])
      let account = try await auth.store.account(username: "old")
      #expect(account?.passwordHash.hasPrefix("$argon2id$v=19$m=8192,t=1,p=1$") == true)
      #expect(try await auth.refresh(token).status == 200)
      #expect(try await auth.logIn("old").status == 200)
    }
  }
}
