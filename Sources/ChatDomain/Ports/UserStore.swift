/// Accounts: who exists, by which name, and the hash of their password.
///
/// Contract. Usernames come folded and valid. Reads see every write that was answered before they began. A change of a password and the end of
/// sessions that goes with it are one atomic step, as are a name's being free and its being taken. What callers ask for in vain is a result;
/// every error thrown is a `StoreError`.
public protocol UserStore: UserDirectory {
  /// Creates the user unless the name is taken; of racing callers exactly one gets the name.
  func createUser(ifUsernameFree user: NewUser) async throws -> UserCreation

  /// The account of that name; nil if there is none.
  func account(username: String) async throws -> Account?

  /// The account of that id; nil if there is none.
  func account(id: UserID) async throws -> Account?

  /// The users that `search` finds, in its order, strictly after the cursor. A page may be short, or empty, although `next` is not nil: one page
  /// looks at a bounded number of users (`AccountLimits.searchedPerPage`).
  func users(_ search: UserSearch, after: UserCursor?, quantity: Int) async throws -> Page<User, UserCursor>

  /// Changes the display name; nil if there is no such user.
  func rename(_ user: UserID, to displayName: String) async throws -> User?

  /// Changes the stored hash and ends sessions, both or neither; false, and nothing is changed, if there is no such user or their credentials have
  /// another version than expected.
  func setPassword(_ change: PasswordChange) async throws -> Bool

  /// False if there is no such user.
  func setAdmin(_ user: UserID, _ isAdmin: Bool) async throws -> Bool
}

public struct NewUser: Sendable {
  public let user: User
  public let passwordHash: String

  public init(user: User, passwordHash: String) {
    self.user = user
    self.passwordHash = passwordHash
  }
}

public enum UserCreation: Sendable, Equatable {
  case created
  case usernameTaken
}

public struct PasswordChange: Sendable {
  public enum Sessions: Sendable, Equatable {
    /// The same password, hashed anew: the credential version stays.
    case keepAll
    /// Another password: the version rises, and all sessions end but this one.
    case endAll(except: SessionID?)
  }

  public let user: UserID
  public let passwordHash: String
  /// nil: whatever it is.
  public let expectedVersion: Int?
  public let sessions: Sessions

  public init(user: UserID, passwordHash: String, expectedVersion: Int?, sessions: Sessions) {
    self.user = user
    self.passwordHash = passwordHash
    self.expectedVersion = expectedVersion
    self.sessions = sessions
  }
}
