import ChatDomain

/// Users: registration, profile, password.
struct Accounts: Sendable {
  let users: any UserStore
  let hasher: PasswordHasher
  let throttles: Throttles
  let metrics: AuthMetrics
  let clock: AuthClock

  /// - Parameter network: of the client, for the limit.
  /// - Throws: `AuthError`, `StoreError`.
  func register(username: String, password: String, displayName: String?, network: String) async throws -> User {
    do {
      let user = try await create(username: username, password: password, displayName: displayName, network: network)
      metrics.registrations.add()
      return user
    } catch {
      metrics.registrationsRefused.add()
      throw error
    }
  }

  private func create(
    username: String, password: String, displayName: String?, network: String
  ) async throws -> User {
    let name = try AccountRules.username(username)
    let password = try AccountRules.newPassword(password, field: "password")
    let user = User(
      id: .random(), username: name, displayName: try displayName.map(AccountRules.displayName) ?? name,
      createdAt: clock.now())
    // Cheap, and before anything is counted: whoever tries names that are taken has registered nothing.
    guard try await users.account(username: name) == nil else { throw AuthError(.usernameTaken) }
    try throttles.takeRegistration(network)
    do {
      let hash = try await hasher.hash(password)
      switch try await users.createUser(ifUsernameFree: NewUser(user: user, passwordHash: hash)) {
      case .created: return user
      case .usernameTaken: throw AuthError(.usernameTaken)
      }
    } catch {
      throttles.giveBackRegistration(network)
      throw error
    }
  }

  /// - Throws: `.unauthorized` for a caller who is not there any more; `StoreError`.
  func user(_ id: UserID) async throws -> User {
    guard let user = try await users.users([id]).first else { throw AuthError(.unauthorized) }
    return user
  }

  /// - Throws: `AuthError`, `StoreError`.
  func rename(_ id: UserID, to displayName: String) async throws -> User {
    guard let user = try await users.rename(id, to: try AccountRules.displayName(displayName)) else {
      throw AuthError(.unauthorized)
    }
    return user
  }

  /// Changes the password and ends all other sessions. Access tokens that were issued before stay good until they end, 15 minutes at most.
  /// - Throws: `AuthError`, `StoreError`.
  func changePassword(of caller: Caller, old: String, new: String, network: String) async throws {
    let old = try AccountRules.triedPassword(old, field: "old")
    let new = try AccountRules.newPassword(new, field: "new")
    guard let account = try await users.account(id: caller.userID) else { throw AuthError(.unauthorized) }
    // A stolen access token must not be a way around the limit on guesses.
    let attempt = LoginThrottle.Attempt(username: account.user.username, network: network)
    let isProven = try await throttles.guardAttempt(attempt) {
      let verdict = try await hasher.verify(old, against: account.passwordHash)
      return (verdict == .mismatch ? .failed : .succeeded, verdict != .mismatch)
    }
    guard isProven else { throw AuthError(.invalidCredentials) }
    let change = PasswordChange(
      user: caller.userID, passwordHash: try await hasher.hash(new), expectedVersion: account.credentialVersion,
      sessions: .endAll(except: caller.sessionID))
    // Otherwise another change came first, and the old password is not the old one any more.
    guard try await users.setPassword(change) else { throw AuthError(.invalidCredentials) }
  }
}
