import Metrics
import Testing

@testable import AuthService

@Suite("Passwords")
struct PasswordTests {
  private static let cheap = Argon2Parameters(passes: 1, memory: 8 * 1024 * 1024)

  @Test("A hash is Argon2id with the parameters asked for, and different each time")
  func form() throws {
    let argon2 = try Argon2(Argon2Parameters())
    let hash = try #require(argon2.hash("pässwörd 😀"))
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(argon2.verify("pässwörd 😀", against: hash) == .match)
    #expect(argon2.verify("pässwörd", against: hash) == .mismatch)
    #expect(argon2.verify("", against: hash) == .mismatch)
    #expect(argon2.hash("pässwörd 😀") != hash)
  }

  @Test("Other parameters are noticed")
  func outdated() throws {
    let hash = try #require(try Argon2(PasswordTests.cheap).hash("secret"))
    #expect(try Argon2(Argon2Parameters()).verify("secret", against: hash) == .outdatedMatch)
    #expect(try Argon2(Argon2Parameters()).verify("other", against: hash) == .mismatch)
  }

  @Test(
    "A stored text that is no hash, or asks for the memory of a whole machine, matches nothing",
    arguments: [
      "", "x", "$argon2id$", "$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaA",
      "$argon2id$v=19$m=-5,t=1,p=1$YQ$YQ", "$argon2i$v=19$m=8192,t=3,p=1$YQ$YQ",
    ])
  func hostile(hash: String) throws {
    #expect(try Argon2(PasswordTests.cheap).verify("secret", against: hash) == .mismatch)
  }

  @Test("Normalization forms are different passwords, as documented")
  func bytes() throws {
    let argon2 = try Argon2(PasswordTests.cheap)
    let hash = try #require(argon2.hash("caf\u{E9} caf\u{E9}"))
    #expect(argon2.verify("cafe\u{301} cafe\u{301}", against: hash) == .mismatch)
  }

  @Test("Nobody is verified by as much work as somebody, and never matches")
  func nobody() async throws {
    let hasher = try PasswordHasher(PasswordTests.cheap, metrics: MetricsRegistry())
    #expect(try await hasher.verify("secret", against: nil) == .mismatch)
  }

  @Test("A full queue refuses at once, with the time to come back", .timeLimit(.minutes(1)))
  func full() async throws {
    let hasher = try PasswordHasher(PasswordTests.cheap, threads: 1, queue: 2, metrics: MetricsRegistry())
    let results = await withTaskGroup(of: AuthError?.self) { group in
      for _ in 0..<50 {
        group.addTask {
          do throws(AuthError) {
            _ = try await hasher.hash("secret")
            return nil
          } catch {
            return error
          }
        }
      }
      return await group.reduce(into: [AuthError?]()) { $0.append($1) }
    }
    let refused = results.compactMap(\.self)
    #expect(!refused.isEmpty && refused.count < 50)
    #expect(refused.allSatisfy { $0.code == .unavailable && $0.retryAfter == .seconds(2) })
    _ = try await hasher.hash("secret")
  }

  @Test("Parameters stay within what is safe and what is affordable")
  func bounds() {
    #expect(Argon2Parameters(passes: 0, memory: 0) == Argon2Parameters(passes: 1, memory: 8 << 20))
    #expect(Argon2Parameters(passes: 99, memory: .max) == Argon2Parameters(passes: 16, memory: 256 << 20))
  }
}
