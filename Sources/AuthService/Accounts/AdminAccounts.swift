import ChatDomain

/// What an operator does with accounts, from the command line, while the server runs or not: it goes through the store alone.
public struct AdminAccounts: Sendable {
  private let users: any UserStore
  private let hasher: PasswordHasher

  /// - Parameter hasher: with the parameters of the server.
  public init(users: any UserStore, hasher: PasswordHasher) {
    self.users = users
    self.hasher = hasher
  }

  /// Sets a random password and ends all sessions; access tokens end within 15 minutes.
  /// - Returns: the password, to be shown once; nil if there is no such user.
  /// - Throws: `StoreError`, `AuthError`.
  public func resetPassword(username: String) async throws -> String? {
    guard let account = try await account(username) else { return nil }
    let password = RandomText.password()
    let change = PasswordChange(
      user: account.user.id, passwordHash: try await hasher.hash(password), expectedVersion: nil,
      sessions: .endAll(except: nil))
    return try await users.setPassword(change) ? password : nil
  }

  /// - Returns: false if there is no such user.
  /// - Throws: `StoreError`.
  public func setAdmin(username: String, _ isAdmin: Bool) async throws -> Bool {
    guard let account = try await account(username) else { return false }
    return try await users.setAdmin(account.user.id, isAdmin)
  }

  private func account(_ username: String) async throws -> Account? {
    guard let name = AccountRules.possibleUsername(username) else { return nil }
    return try await users.account(username: name)
  }
}
