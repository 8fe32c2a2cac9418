import ChatDomain
import Synchronization

/// The limits of the auth role, shared by its requests.
final class Throttles: Sendable {
  private struct State {
    var logins: LoginThrottle
    var registrations: KeyedTokenBuckets<String>
  }

  private let areOn: Bool
  private let state: Mutex<State>
  private let clock: AuthClock

  init(_ limits: AuthLimits, clock: AuthClock) {
    areOn = limits.areOn
    self.clock = clock
    let perHour = max(1, limits.registrationsPerHour)
    state = Mutex(
      State(
        logins: LoginThrottle(limits),
        registrations: KeyedTokenBuckets(
          capacity: perHour, interval: .seconds(3_600) / perHour, maximumKeys: limits.rememberedKeys)))
  }

  /// - Throws: `.rateLimited`.
  func takeRegistration(_ network: String) throws(AuthError) {
    guard areOn else { return }
    let now = clock.monotonic()
    if let wait = state.withLock({ $0.registrations.take(network, now: now) }) {
      throw AuthError(.rateLimited, "too many accounts from this address", retryAfter: wait)
    }
  }

  func giveBackRegistration(_ network: String) {
    let now = clock.monotonic()
    state.withLock { $0.registrations.giveBack(network, now: now) }
  }

  enum Outcome {
    case succeeded, failed
  }

  /// Runs an attempt to prove a password under the throttle. What it throws is counted as neither.
  /// - Throws: `.rateLimited`, or what `body` throws.
  func guardAttempt<Value: Sendable>(
    _ attempt: LoginThrottle.Attempt, _ body: () async throws -> (Outcome, Value)
  ) async throws -> Value {
    guard areOn else { return try await body().1 }
    let now = clock.monotonic()
    if let wait = state.withLock({ $0.logins.begin(attempt, now: now) }) {
      throw AuthError(.rateLimited, "too many failed attempts", retryAfter: wait)
    }
    do {
      let (outcome, value) = try await body()
      if outcome == .succeeded { state.withLock { $0.logins.succeeded(attempt) } }
      return value
    } catch {
      state.withLock { $0.logins.abandoned(attempt) }
      throw error
    }
  }
}
