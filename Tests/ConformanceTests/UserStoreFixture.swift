import ChatDomain
import SQLiteEngine
import TestSupport
import UserStoreSQLite

/// The adapters that must keep the contracts of `UserStore` and `SessionStore`.
enum UserStoreKind: String, CaseIterable, Sendable {
  case memory, sqlite
}

/// Fresh stores of one kind.
struct UserStoreFixture: Sendable {
  let users: any UserStore
  let sessions: any SessionStore
  private let folder: TemporaryFolder?

  init(_ kind: UserStoreKind) async throws {
    switch kind {
    case .memory:
      let accounts = MemoryUserStore()
      users = accounts
      sessions = MemorySessionStore(accounts)
      folder = nil
    case .sqlite:
      let folder = try TemporaryFolder()
      let database = try SQLiteDatabase(path: folder.path + "/users.db")
      try await database.migrate(module: "users", SQLiteUserStore.migrations)
      users = SQLiteUserStore(database)
      sessions = SQLiteSessionStore(database)
      self.folder = folder
    }
  }

  @discardableResult
  func add(_ username: String, _ displayName: String? = nil) async throws -> User {
    let user = User(
      id: .random(), username: username, displayName: displayName ?? username, createdAt: Timestamp(milliseconds: 5))
    _ = try await users.createUser(ifUsernameFree: NewUser(user: user, passwordHash: "hash of \(username)"))
    return user
  }

  func find(_ query: String, quantity: Int = 100, after: UserCursor? = nil) async throws -> [String] {
    try await users.users(UserSearch(query), after: after, quantity: quantity).elements.map(\.username)
  }
}

func secret(_ text: String) -> TokenHash { TokenHash(of: Array(text.utf8)) }
