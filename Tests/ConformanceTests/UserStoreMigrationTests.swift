import ChatDomain
import SQLiteEngine
import TestSupport
import Testing
import UserStoreSQLite

@Suite("Migrations of users")
struct UserStoreMigrationTests {
  @Test("Whoever had an account before names were folded is found all the same")
  func words() async throws {
    let folder = try TemporaryFolder()
    let database = try SQLiteDatabase(path: folder.path + "/users.db")
    try await database.migrate(module: "users", Array(SQLiteUserStore.migrations.prefix(1)))
    let store = SQLiteUserStore(database)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<1_200 {
        let user = User(
          id: .random(), username: "user\(number)", displayName: "\u{C9}lise \(number)",
          createdAt: Timestamp(milliseconds: 5))
        group.addTask { _ = try await store.createUser(ifUsernameFree: NewUser(user: user, passwordHash: "")) }
      }
      try await group.waitForAll()
    }
    // As the first version wrote them.
    try await database.write { try $0.run("UPDATE user_words SET word = '\u{E9}lise' WHERE word LIKE 'e%'") }
    #expect(try await store.users(UserSearch("e\u{301}lise"), after: nil, quantity: 10).elements.isEmpty)
    #expect(try await database.migrate(module: "users", SQLiteUserStore.migrations) == 1)
    var (found, after) = (0, UserCursor?.none)
    repeat {
      let page = try await store.users(UserSearch("e\u{301}lise"), after: after, quantity: 500)
      found += page.elements.count
      after = page.next
    } while after != nil
    #expect(found == 1_200)
    await database.close()
  }
}
