import Crypto
import Synchronization
import Testing

@testable import AuthValidator
@testable import AuthValidatorRemote

@Suite("Refreshing keys")
struct KeyRefreshTests {
  @Test("Unknown keys ask at once, then no more often than every thirty seconds")
  func storm() {
    var state = KeyRefreshState()
    let asked = (0..<300).filter { second in
      guard state.shouldAsk(.unknownKey, now: Int64(second)) else { return false }
      state.succeeded(age: nil, now: Int64(second))
      return true
    }
    #expect(asked == [0, 30, 60, 90, 120, 150, 180, 210, 240, 270])
  }

  @Test("Held keys are asked for again when their age is over, and sooner after a failure")
  func age() {
    var state = KeyRefreshState()
    #expect(ask(&state, .use, now: 0))
    state.succeeded(age: 600, now: 0)
    #expect(!ask(&state, .use, now: 599))
    #expect(ask(&state, .use, now: 600))
    state.failed()
    #expect(!ask(&state, .use, now: 604))
    #expect(ask(&state, .use, now: 605))
  }

  @Test("An absurd age is bounded")
  func absurdAge() {
    var state = KeyRefreshState()
    #expect(ask(&state, .use, now: 0))
    state.succeeded(age: .max, now: 0)
    #expect(ask(&state, .use, now: 86_400))
    state.succeeded(age: -5, now: 86_400)
    #expect(!ask(&state, .use, now: 86_429))
    #expect(ask(&state, .use, now: 86_430))
  }

  @Test("A hundred callers of an unknown key make one request, and all get the new key")
  func singleFlight() async throws {
    let factory = TokenFactory()
    let fetcher = ScriptedFetcher([.success(factory.keys)])
    let source = RemoteJWKSSource(fetcher: fetcher) { 1_000 }
    let validator = AuthValidator(
      policy: TokenPolicy(issuer: factory.issuer, audience: factory.audience), source: source)
    let token = try factory.token()
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<100 { group.addTask { (try? await validator.validate(token, now: 1_100)) != nil } }
      for await isGood in group { #expect(isGood) }
    }
    #expect(fetcher.calls == 1)
  }

  @Test("Made-up key ids cost no requests")
  func madeUp() async throws {
    let factory = TokenFactory()
    let fetcher = ScriptedFetcher([.success(factory.keys)])
    let source = RemoteJWKSSource(fetcher: fetcher) { 1_000 }
    let validator = AuthValidator(
      policy: TokenPolicy(issuer: factory.issuer, audience: factory.audience), source: source)
    for number in 0..<50 {
      let token = try factory.sign(header: #"{"alg":"EdDSA","kid":"x\#(number)"}"#, payload: factory.payload)
      await #expect(throws: TokenError(.unknownKey)) { try await validator.validate(token, now: 1_100) }
    }
    #expect(fetcher.calls == 1)
  }

  @Test("A failing URL: without keys nothing is known; with keys they stay good")
  func failure() async throws {
    let factory = TokenFactory()
    let clock = Mutex<Int64>(0)
    let fetcher = ScriptedFetcher([
      .failure(JWKSError(.unreachable)), .success(factory.keys), .failure(JWKSError(.unreachable)),
    ])
    let source = RemoteJWKSSource(fetcher: fetcher) { clock.withLock { $0 } }
    let validator = AuthValidator(
      policy: TokenPolicy(issuer: factory.issuer, audience: factory.audience), source: source)
    let token = try factory.token()
    for _ in 0..<3 {
      await #expect(throws: TokenError(.keysUnavailable)) { try await validator.validate(token, now: 1_100) }
    }
    #expect(fetcher.calls == 1)
    clock.withLock { $0 = 5 }
    _ = try await validator.validate(token, now: 1_100)
    clock.withLock { $0 = 10_000 }
    for _ in 0..<3 { _ = try await validator.validate(token, now: 1_100) }
    let stranger = try factory.sign(header: #"{"alg":"EdDSA","kid":"new"}"#, payload: factory.payload)
    await #expect(throws: TokenError(.keysUnavailable)) { try await validator.validate(stranger, now: 1_100) }
    _ = try await validator.validate(token, now: 1_100)
    #expect(fetcher.calls == 3)
  }

  @Test("A key that was withdrawn opens nothing any more, although its tokens were remembered")
  func withdrawn() async throws {
    let factory = TokenFactory()
    let clock = Mutex<Int64>(0)
    let fetcher = ScriptedFetcher([
      .success(factory.keys), .success(JSONWebKeySet(["k9": Curve25519.Signing.PrivateKey().publicKey])),
    ])
    let source = RemoteJWKSSource(fetcher: fetcher) { clock.withLock { $0 } }
    let validator = AuthValidator(
      policy: TokenPolicy(issuer: factory.issuer, audience: factory.audience), source: source)
    let token = try factory.token()
    _ = try await validator.validate(token, now: 1_100)
    clock.withLock { $0 = 1_000 }
    _ = try await source.refresh()
    await #expect(throws: TokenError(.unknownKey)) { try await validator.validate(token, now: 1_100) }
  }
}

/// Answers from a list; the last answer repeats.
private final class ScriptedFetcher: JWKSFetcher {
  private let state: Mutex<(answers: [Result<JSONWebKeySet, JWKSError>], calls: Int)>

  init(_ answers: [Result<JSONWebKeySet, JWKSError>]) { state = Mutex((answers, 0)) }

  var calls: Int { state.withLock { $0.calls } }

  func fetch() async throws(JWKSError) -> JWKSAnswer {
    await Task.yield()
    let answer = state.withLock { state in
      state.calls += 1
      return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
    }
    return JWKSAnswer(document: try answer.get().document(), age: nil)
  }
}

private func ask(_ state: inout KeyRefreshState, _ need: KeyRefreshState.Need, now: Int64) -> Bool {
  state.shouldAsk(need, now: now)
}
