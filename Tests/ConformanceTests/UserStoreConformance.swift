import ChatDomain
import TestSupport
import Testing

@Suite("User stores")
struct UserStoreConformance {
  @Test("An account is read as it was created", arguments: UserStoreKind.allCases)
  func created(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann", "Ann 😀 O'Neil")
    let account = try #require(try await fixture.users.account(username: "ann"))
    #expect(account.user == user)
    #expect(account.passwordHash == "hash of ann")
    #expect(try await fixture.users.account(id: user.id) == account)
    #expect(try await fixture.users.account(username: "an") == nil)
    #expect(try await fixture.users.account(id: .random()) == nil)
  }

  @Test("A taken name stays with the one who has it", arguments: UserStoreKind.allCases)
  func taken(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let first = try await fixture.add("ann", "First")
    let second = User(id: .random(), username: "ann", displayName: "Second", createdAt: Timestamp(milliseconds: 6))
    #expect(
      try await fixture.users.createUser(ifUsernameFree: NewUser(user: second, passwordHash: "x")) == .usernameTaken)
    #expect(try await fixture.users.account(username: "ann")?.user == first)
    #expect(try await fixture.find("second") == [])
  }

  @Test("Of fifty who race for a name exactly one gets it", arguments: UserStoreKind.allCases)
  func race(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let wins = try await withThrowingTaskGroup(of: UserCreation.self) { group in
      for number in 0..<50 {
        group.addTask {
          let user = User(
            id: .random(), username: "ann", displayName: "\(number)", createdAt: Timestamp(milliseconds: 0))
          return try await fixture.users.createUser(ifUsernameFree: NewUser(user: user, passwordHash: "x"))
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 == .created ? 1 : 0 }
    }
    #expect(wins == 1)
  }

  @Test("Users by ids: those that exist, each once", arguments: UserStoreKind.allCases)
  func byIDs(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let ann = try await fixture.add("ann")
    let bob = try await fixture.add("bob")
    #expect(Set(try await fixture.users.users([ann.id, .random(), bob.id, ann.id])) == [ann, bob])
    #expect(try await fixture.users.users([ann.id, ann.id]).count == 1)
    #expect(try await fixture.users.users([UserID]()).isEmpty)
  }

  @Test(
    "A search finds usernames first, the exact one at the head, then words of names", arguments: UserStoreKind.allCases)
  func search(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    try await fixture.add("annabel", "Zoë Ann")
    try await fixture.add("ann", "Somebody")
    try await fixture.add("zed", "Jo ANN Annika")
    try await fixture.add("bob.smith", "Bob Smith")
    try await fixture.add("jl", "Jean-Luc Annaud")
    try await fixture.add("cyr", "Анна Каренина")
    #expect(try await fixture.find("ann") == ["ann", "annabel", "zed", "jl"])
    #expect(try await fixture.find("ANN ") == ["ann", "annabel", "zed", "jl"])
    #expect(try await fixture.find("annab") == ["annabel"])
    #expect(try await fixture.find("bob.sm") == ["bob.smith"])
    #expect(try await fixture.find("bob s") == ["bob.smith"])
    #expect(try await fixture.find("smith bob") == ["bob.smith"])
    #expect(try await fixture.find("smith ann") == [])
    #expect(try await fixture.find("luc") == ["jl"])
    #expect(try await fixture.find("jean-l") == ["jl"])
    #expect(try await fixture.find("анна") == ["cyr"])
    #expect(try await fixture.find("zoë") == ["annabel"])
    #expect(try await fixture.find("%") == [])
    #expect(try await fixture.find("_") == [])
    #expect(try await fixture.find("'; DROP TABLE users; --") == [])
    #expect(try await fixture.find("  ") == ["ann", "annabel", "bob.smith", "cyr", "jl", "zed"])
  }

  @Test(
    "A name is found in any case, and however its accents are typed", arguments: UserStoreKind.allCases)
  func folding(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    try await fixture.add("elise", "\u{C9}lise Stra\u{DF}er")
    try await fixture.add("elsa", "E\u{301}lsa Z\u{CB}LLNER")
    try await fixture.add("nguyen", "NGUY\u{1EC4}N")
    try await fixture.add("sigma", "Οδυσσεύς")
    try await fixture.add("kor", "한국")
    for query in ["\u{E9}l", "e\u{301}l", "\u{C9}L", "E\u{301}L"] {
      #expect(try await fixture.find(query) == ["elise", "elsa"], "\(query)")
    }
    for query in ["strasser", "STRASSER", "straßer"] { #expect(try await fixture.find(query) == ["elise"]) }
    for query in ["zëll", "ZE\u{308}LL"] { #expect(try await fixture.find(query) == ["elsa"]) }
    // Marks in another order than they have in the composed letter.
    for query in ["nguyễn", "nguye\u{302}\u{303}n"] { #expect(try await fixture.find(query) == ["nguyen"]) }
    for query in ["ΟΔΥΣΣΕΎΣ", "οδυσσεύσ"] { #expect(try await fixture.find(query) == ["sigma"]) }
    for query in ["한", "\u{1112}\u{1161}\u{11AB}"] { #expect(try await fixture.find(query) == ["kor"]) }
    // Accents matter: these begin neither word nor username.
    for query in ["zell", "nguyên"] { #expect(try await fixture.find(query) == []) }
  }

  @Test("A renamed user is found by the new name and not by the old one", arguments: UserStoreKind.allCases)
  func rename(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("u1", "Old Name")
    let renamed = try await fixture.users.rename(user.id, to: "New Title")
    #expect(renamed?.displayName == "New Title")
    #expect(renamed?.createdAt == user.createdAt)
    #expect(try await fixture.find("old") == [])
    #expect(try await fixture.find("title") == ["u1"])
    #expect(try await fixture.users.rename(.random(), to: "X") == nil)
  }

  @Test("Pages of any size give the same list, without gaps and doubles", arguments: UserStoreKind.allCases)
  func pages(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    for number in 0..<40 { try await fixture.add("ma\(number)", "Mara Maris \(number)") }
    for number in 0..<40 { try await fixture.add("x\(number)", "Mara Maris \(number % 7)") }
    for query in ["", "ma", "mar", "mara 3", "maris mara", "5"] {
      let whole = try await fixture.find(query, quantity: 1_000)
      for quantity in [1, 3, 7, 100] {
        var listed: [String] = []
        var after: UserCursor?
        repeat {
          let page = try await fixture.users.users(UserSearch(query), after: after, quantity: quantity)
          #expect(page.elements.count <= quantity)
          listed += page.elements.map(\.username)
          after = page.next
        } while after != nil
        #expect(listed == whole, "\(query) by \(quantity)")
      }
    }
    #expect(try await fixture.find("mar", quantity: 1_000).count == 80)
  }

  @Test(
    "A new password needs the expected version, and a new hash of the same one leaves it",
    arguments: UserStoreKind.allCases)
  func password(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann")
    let version = try #require(try await fixture.users.account(id: user.id)).credentialVersion
    func change(_ hash: String, _ expected: Int?, _ sessions: PasswordChange.Sessions) async throws -> Bool {
      try await fixture.users.setPassword(
        PasswordChange(user: user.id, passwordHash: hash, expectedVersion: expected, sessions: sessions))
    }
    #expect(try await change("rehashed", version, .keepAll))
    #expect(try await fixture.users.account(id: user.id)?.credentialVersion == version)
    #expect(try await change("second", version, .endAll(except: nil)))
    #expect(try await !change("third", version, .endAll(except: nil)))
    #expect(try await !change("late rehash", version, .keepAll))
    #expect(try await fixture.users.account(id: user.id)?.passwordHash == "second")
    #expect(try await change("forced", nil, .endAll(except: nil)))
    #expect(try await fixture.users.account(id: user.id)?.passwordHash == "forced")
  }

  @Test("Admins are made and unmade", arguments: UserStoreKind.allCases)
  func admins(kind: UserStoreKind) async throws {
    let fixture = try await UserStoreFixture(kind)
    let user = try await fixture.add("ann")
    #expect(try await fixture.users.setAdmin(user.id, true))
    #expect(try await fixture.users.account(id: user.id)?.user.isAdmin == true)
    #expect(try await fixture.users.setAdmin(user.id, false))
    #expect(try await fixture.users.account(id: user.id)?.user.isAdmin == false)
    #expect(try await !fixture.users.setAdmin(.random(), true))
  }
}
