import ChatDomain
import Synchronization

/// Accounts in memory; the simplest thing that keeps the port's contract, and the measure for the real ones.
public final class MemoryUserStore: UserStore {
  struct Stored: Sendable {
    var user: User
    var passwordHash: String
    var version = 1
  }

  struct StoredSession: Sendable {
    let user: UserID
    let shared: TokenHash
    var family: RefreshFamily
  }

  struct State: Sendable {
    var users: [UserID: Stored] = [:]
    var sessions: [SessionID: StoredSession] = [:]
    /// Thrown by every call while it is set.
    var failure: StoreError?
  }

  private let state = Mutex(State())

  public init() {}

  /// Makes every call of this store and its sessions fail, until nil.
  public func fail(_ failure: StoreError?) { state.withLock { $0.failure = failure } }

  func access<Value>(_ body: (inout State) throws -> Value) throws -> Value {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return try body(&state)
    }
  }

  public func createUser(ifUsernameFree new: NewUser) async throws -> UserCreation {
    try access { state in
      guard !state.users.values.contains(where: { $0.user.username == new.user.username }) else {
        return .usernameTaken
      }
      state.users[new.user.id] = Stored(user: new.user, passwordHash: new.passwordHash)
      return .created
    }
  }

  public func account(username: String) async throws -> Account? {
    try access { state in state.users.values.first { $0.user.username == username }?.account }
  }

  public func account(id: UserID) async throws -> Account? { try access { $0.users[id]?.account } }

  public func users(_ ids: [UserID]) async throws -> [User] {
    try access { state in Set(ids).compactMap { state.users[$0]?.user } }
  }

  public func users(_ search: UserSearch, after: UserCursor?, quantity: Int) async throws -> Page<User, UserCursor> {
    try access { state in
      let placed = state.users.values
        .compactMap { stored in
          search.place(username: stored.user.username, displayName: stored.user.displayName).map { ($0, stored.user) }
        }
        .filter { place, _ in after.map { $0 < place } ?? true }
        .sorted { $0.0 < $1.0 }
      let page = placed.prefix(quantity)
      return Page(elements: page.map(\.1), next: placed.count > quantity ? page.last?.0 : nil)
    }
  }

  public func rename(_ id: UserID, to displayName: String) async throws -> User? {
    try access { state in
      guard let user = state.users[id]?.user else { return nil }
      let renamed = User(
        id: id, username: user.username, displayName: displayName, createdAt: user.createdAt, isAdmin: user.isAdmin)
      state.users[id]?.user = renamed
      return renamed
    }
  }

  public func setPassword(_ change: PasswordChange) async throws -> Bool {
    try access { state in
      guard var stored = state.users[change.user], change.expectedVersion ?? stored.version == stored.version else {
        return false
      }
      stored.passwordHash = change.passwordHash
      if case .endAll(let except) = change.sessions {
        stored.version += 1
        state.sessions = state.sessions.filter { $0.value.user != change.user || $0.key == except }
      }
      state.users[change.user] = stored
      return true
    }
  }

  public func setAdmin(_ id: UserID, _ isAdmin: Bool) async throws -> Bool {
    try access { state in
      guard let user = state.users[id]?.user else { return false }
      state.users[id]?.user = User(
        id: id, username: user.username, displayName: user.displayName, createdAt: user.createdAt, isAdmin: isAdmin)
      return true
    }
  }
}

extension MemoryUserStore.Stored {
  var account: Account { Account(user: user, passwordHash: passwordHash, credentialVersion: version) }
}
