/// What a search for users finds, and in which order. Pure; every user store answers by it.
///
/// The query's longest word must begin the username, or a word of the display name; each of its other words too. Case does not matter, accents do, and
/// how they are typed does not. First those whose username begins with it, by username (so an exact one comes first), then the others, by the word found and the username.
/// Without words: everybody, by username.
public struct UserSearch: Sendable, Equatable {
  /// The folded word that an index is asked for; empty: everybody.
  public let lead: String
  /// `lead` as it may begin a word of a display name; empty: it cannot.
  public let leadWord: String
  private let others: [String]

  public init(_ query: String) {
    let tokens = UserSearch.folded(query).split { $0.isWhitespace }.map(String.init)
    let longest = tokens.indices.max { tokens[$0].utf8.count < tokens[$1].utf8.count }
    lead = longest.map { tokens[$0] } ?? ""
    leadWord = UserSearch.withoutPunctuation(lead)
    others = tokens.indices.filter { $0 != longest }.map { tokens[$0] }
  }

  /// Where the user stands in the list; nil if they are not in it.
  public func place(username: String, displayName: String) -> UserCursor? {
    if lead.isEmpty { return UserCursor(.username, word: "", username: username) }
    let words = UserSearch.words(displayName)
    for other in others {
      let word = UserSearch.withoutPunctuation(other)
      guard
        UserSearch.text(username, beginsWith: other)
          || !word.isEmpty && words.contains(where: { UserSearch.text($0, beginsWith: word) })
      else { return nil }
    }
    if UserSearch.text(username, beginsWith: lead) { return UserCursor(.username, word: "", username: username) }
    guard !leadWord.isEmpty else { return nil }
    let found = words.filter { UserSearch.text($0, beginsWith: leadWord) }
      .min { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return found.map { UserCursor(.word, word: $0, username: username) }
  }

  /// What a display name is found by: its folded words, and for one like "jean-luc" also "luc".
  public static func words(_ displayName: String) -> [String] {
    var words: [String] = []
    for part in folded(displayName).split(whereSeparator: \.isWhitespace) {
      var isInside = false
      for index in part.indices {
        let isStart = isWordCharacter(part[index]) && !isInside
        isInside = isWordCharacter(part[index])
        if isStart, words.count < AccountLimits.searchedWords { words.append(String(part[index...])) }
      }
    }
    return words
  }

  /// Without differences of case ("STRASSE" is "straße"), and in one form where Unicode has several for a letter.
  private static func folded(_ text: String) -> String {
    CanonicalForm.decomposed(CanonicalForm.decomposed(text).uppercased().lowercased())
  }

  /// Byte by byte, as an index compares; but with all the marks of its last letter: "e" does not begin "é".
  private static func text(_ text: String, beginsWith prefix: String) -> Bool {
    guard text.utf8.starts(with: prefix.utf8) else { return false }
    let rest = text.unicodeScalars[text.utf8.index(text.startIndex, offsetBy: prefix.utf8.count)...]
    return rest.first.map { !CanonicalForm.isMark($0) } ?? true
  }

  private static func withoutPunctuation(_ token: String) -> String { String(token.drop { !isWordCharacter($0) }) }

  private static func isWordCharacter(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
