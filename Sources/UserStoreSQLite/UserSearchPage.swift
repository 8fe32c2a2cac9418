import ChatDomain

/// Collects one page of a search from an index that gives candidates: what to ask next, and when to stop. Pure.
///
/// The index finds by the lead word only, and finds a user once for each of its words that begins with it. A candidate counts where `UserSearch` places
/// it, and only there.
struct UserSearchPage {
  struct Question {
    let section: UserCursor.Section
    let prefix: String
    /// In the same section; nil: from its beginning.
    let after: UserCursor?
    let limit: Int

    /// Where the index is entered: behind `after`, but not before the prefix. No username is empty, so nothing stands at the beginning of a word.
    var start: UserCursor {
      let first =
        section == .username
        ? UserCursor(.username, word: "", username: prefix) : UserCursor(.word, word: prefix, username: "")
      return after.map { max($0, first) } ?? first
    }
  }

  struct Candidate {
    let user: User
    let cursor: UserCursor

    init(_ user: User, _ cursor: UserCursor) {
      self.user = user
      self.cursor = cursor
    }
  }

  private let search: UserSearch
  private let quantity: Int
  private var section: UserCursor.Section?
  private var last: UserCursor?
  private var looked = 0
  private var found: [Candidate] = []
  private var limit = 0

  init(_ search: UserSearch, after: UserCursor?, quantity: Int) {
    self.search = search
    self.quantity = quantity
    section = after?.section ?? .username
    last = after
  }

  /// nil when the page is complete.
  var nextQuestion: Question? {
    mutating get {
      // The second section has nothing to find by.
      if section == .word, search.lead.isEmpty || search.leadWord.isEmpty { section = nil }
      guard let section, found.count <= quantity, looked < AccountLimits.searchedPerPage else { return nil }
      limit = min(quantity + 1, AccountLimits.searchedPerPage - looked)
      return Question(
        section: section, prefix: section == .username ? search.lead : search.leadWord,
        after: last?.section == section ? last : nil, limit: limit)
    }
  }

  mutating func received(_ candidates: [Candidate]) {
    looked += candidates.count
    for candidate in candidates where found.count <= quantity {
      last = candidate.cursor
      let place = search.place(username: candidate.user.username, displayName: candidate.user.displayName)
      if place == candidate.cursor { found.append(candidate) }
    }
    if candidates.count < limit { section = section == .username ? .word : nil }
  }

  var page: Page<User, UserCursor> {
    let users = found.prefix(quantity).map(\.user)
    if found.count > quantity { return Page(elements: users, next: found[quantity - 1].cursor) }
    return Page(elements: users, next: section == nil ? nil : last)
  }
}
