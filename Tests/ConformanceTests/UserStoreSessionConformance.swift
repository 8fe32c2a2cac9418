import ChatDomain
import TestSupport
import Testing

@Suite("Session stores")
struct UserStoreSessionConformance {
  private func token(_ session: SessionID, _ own: String) -> RefreshToken {
    RefreshToken(session: session, family: secret("shared"), own: secret(own))
  }

  private func open(
    _ fixture: UserStoreFixture, _ user: User, version: Int = 1, at milliseconds: Int64 = 0
  ) async throws -> SessionID? {
    let session = SessionID.random()
    let isOpen = try await fixture.sessions.create(
      NewSession(
        user: user.id, token: token(session, "A"), credentialVersion: version,
        now: Timestamp(milliseconds: milliseconds)))
    return isOpen ? session : nil
  }

  private func rotate(
    _ fixture: UserStoreFixture, _ session: SessionID, _ own: String, to next: String, at milliseconds: Int64 = 0
  ) async throws -> Rotation {
    try await fixture.sessions.rotate(
      token(session, own), to: secret(next), now: Timestamp(milliseconds: milliseconds))
  }

  @Test("Rotation: ordinary use, a lost answer, then reuse, which ends the session", arguments: UserStoreKind.allCases)
  func rotation(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann")
    let session = try #require(try await open(fixture, user))
    #expect(try await rotate(fixture, session, "A", to: "B", at: 0) == .rotated(user.id))
    #expect(try await rotate(fixture, session, "A", to: "C", at: 59_999) == .rotated(user.id))
    #expect(try await rotate(fixture, session, "C", to: "D", at: 70_000) == .rotated(user.id))
    #expect(try await rotate(fixture, session, "B", to: "E", at: 70_001) == .reused(user.id))
    #expect(try await rotate(fixture, session, "D", to: "F", at: 70_002) == .unknown)
  }

  @Test("The old token is no good after sixty seconds", arguments: UserStoreKind.allCases)
  func grace(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann")
    let session = try #require(try await open(fixture, user))
    #expect(try await rotate(fixture, session, "A", to: "B", at: 0) == .rotated(user.id))
    #expect(try await rotate(fixture, session, "A", to: "C", at: 60_000) == .reused(user.id))
  }

  @Test("Whoever does not know the shared secret ends nothing", arguments: UserStoreKind.allCases)
  func stranger(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann")
    let session = try #require(try await open(fixture, user))
    let forged = RefreshToken(session: session, family: secret("guess"), own: secret("A"))
    #expect(try await fixture.sessions.rotate(forged, to: secret("X"), now: Timestamp(milliseconds: 1)) == .unknown)
    try await fixture.sessions.end(forged)
    #expect(try await rotate(fixture, session, "A", to: "B") == .rotated(user.id))
  }

  @Test("A session lives thirty days from its last use", arguments: UserStoreKind.allCases)
  func lifetime(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann")
    let day: Int64 = 86_400_000
    let session = try #require(try await open(fixture, user))
    #expect(try await rotate(fixture, session, "A", to: "B", at: 30 * day - 1) == .rotated(user.id))
    #expect(try await rotate(fixture, session, "B", to: "C", at: 60 * day - 2) == .rotated(user.id))
    #expect(try await rotate(fixture, session, "C", to: "D", at: 90 * day - 2) == .unknown)
    #expect(try await rotate(fixture, session, "C", to: "D", at: 0) == .unknown)
  }

  @Test("Ending by any token of the session, and only that session", arguments: UserStoreKind.allCases)
  func ending(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann")
    let one = try #require(try await open(fixture, user))
    let two = try #require(try await open(fixture, user))
    _ = try await rotate(fixture, one, "A", to: "B")
    try await fixture.sessions.end(token(one, "A"))
    try await fixture.sessions.end(token(one, "A"))
    #expect(try await rotate(fixture, one, "B", to: "C") == .unknown)
    #expect(try await rotate(fixture, two, "A", to: "B") == .rotated(user.id))
  }

  @Test("A new password ends all other sessions, of that user only", arguments: UserStoreKind.allCases)
  func password(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let ann = try await fixture.add("ann")
    let bob = try await fixture.add("bob")
    let mine = try #require(try await open(fixture, ann))
    let other = try #require(try await open(fixture, ann))
    let bobs = try #require(try await open(fixture, bob))
    let change = PasswordChange(user: ann.id, passwordHash: "n", expectedVersion: 1, sessions: .endAll(except: mine))
    #expect(try await fixture.users.setPassword(change))
    #expect(try await rotate(fixture, mine, "A", to: "B") == .rotated(ann.id))
    #expect(try await rotate(fixture, other, "A", to: "B") == .unknown)
    #expect(try await rotate(fixture, bobs, "A", to: "B") == .rotated(bob.id))
    // A log-in that had proven the old password before the change comes too late.
    #expect(try await open(fixture, ann, version: 1) == nil)
    #expect(try await open(fixture, ann, version: 2) != nil)
    try await fixture.sessions.endAll(of: ann.id, except: nil)
    #expect(try await rotate(fixture, mine, "B", to: "C") == .unknown)
  }

  @Test("A rehash ends nothing", arguments: UserStoreKind.allCases)
  func rehash(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let ann = try await fixture.add("ann")
    let session = try #require(try await open(fixture, ann))
    let change = PasswordChange(user: ann.id, passwordHash: "n", expectedVersion: 1, sessions: .keepAll)
    #expect(try await fixture.users.setPassword(change))
    #expect(try await rotate(fixture, session, "A", to: "B") == .rotated(ann.id))
  }

  @Test("Above the limit the session used longest ago ends", arguments: UserStoreKind.allCases)
  func limit(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let ann = try await fixture.add("ann")
    var opened: [SessionID] = []
    for number in 0..<AccountLimits.sessionsPerUser {
      opened.append(try #require(try await open(fixture, ann, at: Int64(number))))
    }
    #expect(try await rotate(fixture, opened[0], "A", to: "B", at: 1_000) == .rotated(ann.id))
    _ = try await open(fixture, ann, at: 2_000)
    #expect(try await rotate(fixture, opened[1], "A", to: "B", at: 3_000) == .unknown)
    #expect(try await rotate(fixture, opened[0], "B", to: "C", at: 3_000) == .rotated(ann.id))
    #expect(try await rotate(fixture, opened[2], "A", to: "B", at: 3_000) == .rotated(ann.id))
  }

  @Test("The sweep removes what has ended and nothing else", arguments: UserStoreKind.allCases)
  func sweep(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let ann = try await fixture.add("ann")
    _ = try await open(fixture, ann, at: 0)
    let session = try #require(try await open(fixture, ann, at: 10))
    let end = RefreshFamily.lifetime
    #expect(try await fixture.sessions.sweep(now: Timestamp(milliseconds: end - 1)) == 0)
    #expect(try await fixture.sessions.sweep(now: Timestamp(milliseconds: end)) == 1)
    #expect(try await rotate(fixture, session, "A", to: "B", at: end) == .rotated(ann.id))
  }

  @Test(
    "Ten racing presentations of one token leave one family with live successors", arguments: UserStoreKind.allCases)
  func race(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let ann = try await fixture.add("ann")
    let session = try #require(try await open(fixture, ann))
    try await withThrowingTaskGroup(of: Rotation.self) { group in
      for number in 0..<5 {
        group.addTask { try await rotate(fixture, session, "A", to: "N\(number)", at: Int64(number)) }
      }
      for try await rotation in group { #expect(rotation == .rotated(ann.id)) }
    }
    #expect(try await rotate(fixture, session, "N3", to: "O", at: 100) == .rotated(ann.id))
    #expect(try await rotate(fixture, session, "N1", to: "P", at: 101) == .reused(ann.id))
  }
}
