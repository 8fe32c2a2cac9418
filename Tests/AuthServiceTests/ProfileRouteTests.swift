import ChatDomain
import Foundation
import Testing

@testable import AuthService

@Suite("Profiles and lists over HTTP", .timeLimit(.minutes(2)))
struct ProfileRouteTests {
  private func token(_ auth: AuthFixture, _ name: String) async throws -> String {
    try #require(try await auth.logIn(name)["access_token"])
  }

  private func names(_ reply: AuthFixture.Reply) -> [String] {
    (reply.json["users"] as? [[String: Any]] ?? []).compactMap { $0["username"] as? String }
  }

  @Test("One's own profile, and a new display name")
  func profile() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let token = try await token(auth, "ann")
      let me = try await auth.call("GET", "/users/me", token: token)
      #expect(me.status == 200)
      #expect(me.json["admin"] as? Bool == false)
      let renamed = try await auth.call("PATCH", "/users/me", #"{"display_name":" Ann 😀 "}"#, token: token)
      #expect(renamed.status == 200)
      #expect(renamed["display_name"] == "Ann 😀")
      #expect(try await auth.call("PATCH", "/users/me", "{}", token: token).status == 400)
      #expect(try await auth.call("PATCH", "/users/me", #"{"display_name":"\n"}"#, token: token).status == 400)
      #expect(try await auth.service.admin.setAdmin(username: "Ann", true))
      #expect(try await auth.call("GET", "/users/me", token: token).json["admin"] as? Bool == true)
    }
  }

  @Test("No token, a bad one, one that has expired, one of another issuer")
  func unauthorized() async throws {
    try await AuthFixture.run(inMemory: true) { auth in
      try await auth.register("ann")
      let token = try await token(auth, "ann")
      var other = AuthFixture.settings
      other.issuer = "https://other.example"
      let foreign = try TokenIssuer(SigningKeys(), issuer: other.issuer, audience: "caravan", lifetime: 900)
        .token(for: .random(), session: .random(), now: auth.clock.clock.now())
      for path in ["/users", "/users/me"] {
        for bad in [nil, "x", "a.b.c", token + "x", foreign, RefreshTokenText.first().text] {
          let reply = try await auth.call("GET", path, token: bad)
          #expect(reply.status == 401)
          #expect(reply.problem == "unauthorized")
          #expect(reply.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
        }
      }
      #expect(try await auth.call("POST", "/firebase-token", "{}").status == 401)
      let firebase = try await auth.call("POST", "/firebase-token", "{}", token: token)
      #expect(firebase.status == 404)
      #expect(firebase.problem == "not_configured")
      auth.clock.advance(seconds: 911)
      #expect(try await auth.call("GET", "/users/me", token: token).status == 401)
    }
  }

  @Test("Users by prefix, by word, by ids, in pages")
  func lists() async throws {
    try await AuthFixture.run { auth in
      let ann = try await auth.register("ann", display: "Somebody")
      try await auth.register("annabel", display: "Zoe")
      let bob = try await auth.register("bob", display: "Bob Annaud")
      let token = try await token(auth, "bob")
      #expect(names(try await auth.call("GET", "/users?query=ANN", token: token)) == ["ann", "annabel", "bob"])
      let all = try await auth.call("GET", "/users", token: token)
      #expect(names(all) == ["ann", "annabel", "bob"])
      #expect(all.json["next"] is NSNull)
      let page = try await auth.call("GET", "/users?query=ann&quantity=2", token: token)
      let next = try #require(page["next"])
      #expect(names(page) == ["ann", "annabel"])
      #expect(names(try await auth.call("GET", "/users?query=ann&quantity=2&after=\(next)", token: token)) == ["bob"])
      let ids = [bob["id"] ?? "", UserID.random().description, (ann["id"] ?? "").uppercased()].joined(separator: ",")
      #expect(names(try await auth.call("GET", "/users?ids=\(ids)", token: token)) == ["bob", "ann"])
      #expect(try await auth.call("GET", "/users?after=x", token: token).status == 400)
      #expect(try await auth.call("GET", "/users?quantity=101", token: token).status == 400)
      #expect(!all.text.contains("argon2") && !all.text.contains("admin"))
    }
  }

  @Test("A new password: the old one is asked for, this session stays, all others end")
  func password() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let mine = try await auth.logIn("ann")
      let other = try await auth.logIn("ann")
      let token = try #require(mine["access_token"])
      func change(_ old: String, _ new: String) async throws -> AuthFixture.Reply {
        try await auth.call("PUT", "/users/me/password", #"{"old":"\#(old)","new":"\#(new)"}"#, token: token)
      }
      let wrong = try await change("wrong", "battery staple")
      #expect(wrong.status == 401)
      #expect(wrong.problem == "invalid_credentials")
      #expect(try await change("correct horse", "short").status == 400)
      #expect(try await change("correct horse", "battery staple").status == 204)
      #expect(try await auth.refresh(try #require(mine["refresh_token"])).status == 200)
      #expect(try await auth.refresh(try #require(other["refresh_token"])).status == 401)
      #expect(try await auth.logIn("ann").status == 401)
      #expect(try await auth.logIn("ann", password: "battery staple").status == 200)
    }
  }

  @Test("A stolen access token is no way to guess the password")
  func guessing() async throws {
    try await AuthFixture.run(inMemory: true) { auth in
      try await auth.register("ann")
      let token = try await token(auth, "ann")
      let body = #"{"old":"guess","new":"battery staple"}"#
      for _ in 0..<10 { #expect(try await auth.call("PUT", "/users/me/password", body, token: token).status == 401) }
      #expect(try await auth.call("PUT", "/users/me/password", body, token: token).status == 429)
    }
  }

  @Test("An operator's reset gives a new password and ends every session")
  func reset() async throws {
    try await AuthFixture.run { auth in
      try await auth.register("ann")
      let refresh = try #require(try await auth.logIn("ann")["refresh_token"])
      let password = try #require(try await auth.service.admin.resetPassword(username: "ANN"))
      #expect(password.count == 23)
      #expect(try await auth.refresh(refresh).status == 401)
      #expect(try await auth.logIn("ann").status == 401)
      #expect(try await auth.logIn("ann", password: password).status == 200)
      #expect(try await auth.service.admin.resetPassword(username: "nobody") == nil)
      #expect(try await auth.service.admin.setAdmin(username: "nobody", true) == false)
    }
  }

  @Test("Metrics count what happened, and hold no name")
  func metrics() async throws {
    try await AuthFixture.run(inMemory: true) { auth in
      try await auth.register("ann")
      let reply = try await auth.logIn("ann")
      _ = try await auth.logIn("ann", password: "wrong")
      _ = try await auth.refresh(try #require(reply["refresh_token"]))
      let text = auth.metrics.render()
      #expect(text.contains(#"auth_registrations_total{result="created"} 1"#))
      #expect(text.contains(#"auth_logins_total{result="succeeded"} 1"#))
      #expect(text.contains(#"auth_logins_total{result="failed"} 1"#))
      #expect(text.contains(#"auth_token_refreshes_total{result="succeeded"} 1"#))
      #expect(text.contains("auth_password_hash_seconds_count 3"))
      #expect(!text.contains("ann"))
    }
  }
}
