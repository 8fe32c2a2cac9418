import ChatDomain
import Logging

/// Log-in, refresh and log-out.
struct Sessions: Sendable {
  let users: any UserStore
  let sessions: any SessionStore
  let hasher: PasswordHasher
  let issuer: TokenIssuer
  let throttles: Throttles
  let metrics: AuthMetrics
  let clock: AuthClock
  let logger: Logger

  /// What a client gets to hold.
  struct Grant: Sendable {
    let accessToken: String
    let refreshToken: String
    /// Seconds.
    let lifetime: Int64
    let user: User
  }

  /// - Throws: `AuthError`, `StoreError`.
  func logIn(username: String, password: String, network: String) async throws -> Grant {
    let name = AccountRules.possibleUsername(username)
    let password = try AccountRules.triedPassword(password, field: "password")
    do {
      let attempt = LoginThrottle.Attempt(username: name ?? "", network: network)
      let grant = try await throttles.guardAttempt(attempt) {
        let grant = try await prove(name, password)
        return (grant == nil ? .failed : .succeeded, grant)
      }
      guard let grant else { throw AuthError(.invalidCredentials) }
      metrics.loginsSucceeded.add()
      return grant
    } catch {
      let isThrottled = (error as? AuthError)?.code == .rateLimited
      (isThrottled ? metrics.loginsThrottled : metrics.loginsFailed).add()
      throw error
    }
  }

  /// The same work for a name that exists, one that does not, and one that cannot.
  private func prove(_ username: String?, _ password: String) async throws -> Grant? {
    var account: Account?
    if let username { account = try await users.account(username: username) }
    let verdict = try await hasher.verify(password, against: account?.passwordHash)
    guard let account, verdict != .mismatch else { return nil }
    if verdict == .outdatedMatch { await rehash(password, of: account) }
    let first = RefreshTokenText.first()
    let session = NewSession(
      user: account.user.id, token: first.token, credentialVersion: account.credentialVersion, now: clock.now())
    // False: the password has been changed since it was proven, and this is not it any more.
    guard try await sessions.create(session) else { return nil }
    return try grant(account.user, first)
  }

  /// Brings the stored hash to today's parameters. Not worth failing a log-in for: the next one tries again.
  private func rehash(_ password: String, of account: Account) async {
    guard let hash = try? await hasher.hash(password) else { return }
    _ = try? await users.setPassword(
      PasswordChange(
        user: account.user.id, passwordHash: hash, expectedVersion: account.credentialVersion, sessions: .keepAll))
  }

  /// - Throws: `AuthError`, `StoreError`.
  func refresh(_ text: String) async throws -> Grant {
    guard let presented = RefreshTokenText(text) else { throw unknown() }
    let successor = presented.successor()
    switch try await sessions.rotate(presented.token, to: successor.token.own, now: clock.now()) {
    case .rotated(let id):
      guard let user = try await users.users([id]).first else { throw unknown() }
      metrics.refreshesSucceeded.add()
      return try grant(user, successor)
    case .reused(let id):
      metrics.refreshesReused.add()
      logger.warning(
        "a spent refresh token was presented; its session has ended",
        metadata: ["user": "\(id)", "session": "\(presented.token.session)"])
      throw AuthError(.refreshReused)
    case .unknown: throw unknown()
    }
  }

  /// Ends the session of the token, if there is one.
  /// - Throws: `StoreError`.
  func logOut(_ text: String) async throws {
    if let presented = RefreshTokenText(text) { try await sessions.end(presented.token) }
  }

  private func unknown() -> AuthError {
    metrics.refreshesUnknown.add()
    return AuthError(.unauthorized, "the refresh token is not known")
  }

  private func grant(_ user: User, _ refresh: RefreshTokenText) throws -> Grant {
    let access = try issuer.token(for: user.id, session: refresh.token.session, now: clock.now())
    return Grant(accessToken: access, refreshToken: refresh.text, lifetime: issuer.lifetime, user: user)
  }
}
