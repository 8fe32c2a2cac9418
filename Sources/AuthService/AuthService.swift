// AuthService: the auth role. Users, log-in, tokens, throttles.
// May import: ChatDomain, AuthValidator, HTTPServer, CSodium, Crypto, Metrics, Logging, DequeModule, FoundationEssentials, Dispatch.

import AuthValidator
import ChatDomain
import HTTPServer
import Logging
import Metrics

/// The auth role. Make one, add its routes, and let `run()` sweep beside the server.
public struct AuthService: Sendable {
  /// Verifies the tokens of this process without asking anybody.
  public let validator: AuthValidator
  /// Who makes a request: for every service of this process.
  public let caller: CallerResolver
  /// What the command line does with accounts.
  public let admin: AdminAccounts
  private let sessions: any SessionStore
  private let routes: AuthRoutes
  private let clock: AuthClock
  private let logger: Logger

  /// Computes one password hash, so it blocks for some tens of milliseconds.
  /// - Throws: `AuthError` when libsodium or the memory for a hash is not there.
  public init(
    _ settings: AuthSettings, users: any UserStore, sessions: any SessionStore, keys: SigningKeys,
    metrics: MetricsRegistry, logger: Logger, clock: AuthClock = .system
  ) throws {
    let hasher = try PasswordHasher(
      settings.argon2, threads: settings.hashThreads, queue: settings.hashQueue, metrics: metrics)
    let issuer = try TokenIssuer(
      keys, issuer: settings.issuer, audience: settings.audience, lifetime: settings.accessTokenLifetime)
    let throttles = Throttles(settings.limits, clock: clock)
    let counts = AuthMetrics(metrics)
    let publicKeys = keys.publicKeys
    validator = AuthValidator(
      policy: TokenPolicy(issuer: settings.issuer, audience: settings.audience), source: StaticJWKSSource(publicKeys))
    caller = CallerResolver(validator, clock: clock)
    admin = AdminAccounts(users: users, hasher: hasher)
    self.sessions = sessions
    self.clock = clock
    self.logger = logger
    routes = AuthRoutes(
      accounts: Accounts(users: users, hasher: hasher, throttles: throttles, metrics: counts, clock: clock),
      sessions: Sessions(
        users: users, sessions: sessions, hasher: hasher, issuer: issuer, throttles: throttles, metrics: counts,
        clock: clock, logger: logger),
      caller: caller, keys: publicKeys.document(), firebase: settings.firebaseTokens, clock: clock)
  }

  public func addRoutes(to routes: inout Routes) { self.routes.add(to: &routes) }

  /// Removes the sessions that have ended, now.
  /// - Returns: how many.
  /// - Throws: `StoreError`.
  @discardableResult
  public func sweep() async throws -> Int {
    var total = 0
    while true {
      let removed = try await sessions.sweep(now: clock.now())
      total += removed
      if removed < 1_000 { return total }
    }
  }

  /// Sweeps every hour until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      do {
        let removed = try await sweep()
        if removed > 0 { logger.info("ended sessions were removed", metadata: ["count": "\(removed)"]) }
      } catch {
        logger.warning("ended sessions could not be removed", metadata: ["error": "\(error)"])
      }
      try? await Task.sleep(for: .seconds(3_600))
    }
  }
}
