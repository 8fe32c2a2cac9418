import ChatDomain
import Testing

@testable import AuthService

@Suite("Throttles")
struct ThrottleTests {
  private let second: UInt64 = 1_000_000_000

  private func attempt(_ name: String, _ network: String) -> LoginThrottle.Attempt {
    LoginThrottle.Attempt(username: name, network: network)
  }

  private func fail(_ throttle: inout LoginThrottle, _ name: String, _ network: String, _ seconds: UInt64) -> Duration?
  {
    throttle.begin(attempt(name, network), now: seconds * second)
  }

  @Test("A bucket: a burst, then one by one, and never more than a burst after a pause")
  func buckets() {
    var buckets = KeyedTokenBuckets<String>(capacity: 3, interval: .seconds(10))
    func take(_ seconds: UInt64) -> Duration? { buckets.take("a", now: seconds * second) }
    #expect(take(0) == nil)
    #expect(take(0) == nil)
    #expect(take(0) == nil)
    #expect(take(0) == .seconds(10))
    #expect(take(4) == .seconds(6))
    #expect(take(10) == nil)
    #expect(take(10) == .seconds(10))
    #expect(take(1_000) == nil)
    #expect(take(1_000) == nil)
    #expect(take(1_000) == nil)
    #expect(take(1_000) == .seconds(10))
  }

  @Test("A token that was given back can be taken again")
  func givenBack() {
    var buckets = KeyedTokenBuckets<String>(capacity: 1, interval: .seconds(10))
    #expect(take(&buckets, "a", 0) == nil)
    buckets.giveBack("a", now: 0)
    #expect(take(&buckets, "a", 0) == nil)
    #expect(take(&buckets, "a", 0) != nil)
    buckets.giveBack("never seen", now: 0)
  }

  @Test("Keys are bounded; a flood of others never refuses anybody, and the busiest is remembered longest")
  func boundedBuckets() {
    var buckets = KeyedTokenBuckets<String>(capacity: 5, interval: .seconds(60), maximumKeys: 100)
    for _ in 0..<5 { #expect(take(&buckets, "busy", 0) == nil) }
    for number in 0..<10_000 { #expect(take(&buckets, "k\(number)", 1) == nil) }
    #expect(buckets.count <= 100)
    #expect(take(&buckets, "busy", 1) != nil)
  }

  @Test("When a flood is over, its keys go")
  func tidied() {
    var buckets = KeyedTokenBuckets<String>(capacity: 5, interval: .seconds(1), maximumKeys: 10_000)
    for number in 0..<1_000 { _ = take(&buckets, "k\(number)", 0) }
    for seconds in 10..<1_010 { _ = take(&buckets, "a", UInt64(seconds)) }
    #expect(buckets.count < 10)
  }

  @Test("Ten failures for one name from one address; then a wait until the window ends")
  func tenFailures() {
    var throttle = LoginThrottle(AuthLimits())
    for number in 0..<10 { #expect(fail(&throttle, "ann", "a", UInt64(number)) == nil) }
    #expect(fail(&throttle, "ann", "a", 10) == .seconds(890))
    #expect(fail(&throttle, "ann", "a", 899) == .seconds(1))
    #expect(fail(&throttle, "ann", "a", 900) == nil)
  }

  @Test("Nobody can lock out another address, nor another name")
  func noLockout() {
    var throttle = LoginThrottle(AuthLimits())
    for number in 0..<100 { _ = fail(&throttle, "ann", "attacker", UInt64(number)) }
    #expect(fail(&throttle, "ann", "home", 100) == nil)
    #expect(fail(&throttle, "bob", "attacker", 100) == nil)
  }

  @Test("One address cannot walk through many names")
  func walking() {
    var throttle = LoginThrottle(AuthLimits())
    let allowed = (0..<1_000).filter { fail(&throttle, "user\($0)", "attacker", 1) == nil }
    #expect(allowed.count == 100)
    #expect(fail(&throttle, "user1", "home", 1) == nil)
  }

  @Test("A success starts the name afresh, and gives the address only its own attempt back")
  func success() {
    var throttle = LoginThrottle(AuthLimits())
    for _ in 0..<9 { _ = fail(&throttle, "ann", "a", 0) }
    #expect(fail(&throttle, "ann", "a", 0) == nil)
    throttle.succeeded(attempt("ann", "a"))
    for _ in 0..<10 { #expect(fail(&throttle, "ann", "a", 0) == nil) }
    #expect(fail(&throttle, "ann", "a", 0) != nil)
    // 19 failures of the address are counted; an account of one's own does not wash them away.
    for _ in 0..<50 {
      _ = fail(&throttle, "mallory", "a", 0)
      throttle.succeeded(attempt("mallory", "a"))
    }
    let more = (0..<1_000).filter { fail(&throttle, "user\($0)", "a", 0) == nil }
    #expect(more.count == 81)
  }

  @Test("A thousand attempts at the same moment get no further than ten")
  func simultaneous() {
    var throttle = LoginThrottle(AuthLimits())
    let begun = (0..<1_000).filter { _ in fail(&throttle, "ann", "a", 0) == nil }
    #expect(begun.count == 10)
    // Attempts of which nothing came are no failures.
    for _ in 0..<10 { throttle.abandoned(attempt("ann", "a")) }
    #expect(fail(&throttle, "ann", "a", 0) == nil)
  }

  @Test("Failures are remembered in bounded memory, the worst longest")
  func boundedFailures() {
    var failures = KeyedFailures<String>(limit: 10, window: .seconds(900), maximumKeys: 200)
    for _ in 0..<10 { failures.begin("worst", now: 0) }
    for number in 0..<20_000 { failures.begin("k\(number)", now: 1) }
    #expect(failures.count <= 200)
    #expect(failures.wait("worst", now: 1) != nil)
  }

  private func take(_ buckets: inout KeyedTokenBuckets<String>, _ key: String, _ seconds: UInt64) -> Duration? {
    buckets.take(key, now: seconds * second)
  }
}
