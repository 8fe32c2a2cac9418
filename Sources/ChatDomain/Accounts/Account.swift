/// A user with what proves that it is them. Never leaves the auth role.
public struct Account: Sendable, Hashable {
  public let user: User
  /// Of the password, in the hash's own text form with its parameters and salt.
  public let passwordHash: String
  /// Rises with every change of the password (not with a new hash of the same one).
  public let credentialVersion: Int

  public init(user: User, passwordHash: String, credentialVersion: Int) {
    self.user = user
    self.passwordHash = passwordHash
    self.credentialVersion = credentialVersion
  }
}

extension Account: CustomStringConvertible, CustomDebugStringConvertible {
  /// Without the hash, so that no log gets it by accident.
  public var description: String { "Account(\(user.id))" }
  public var debugDescription: String { description }
}
