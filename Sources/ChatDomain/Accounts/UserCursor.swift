/// A place in a list of users; the next page starts behind it.
public struct UserCursor: Sendable, Equatable {
  public enum Section: UInt8, Sendable {
    /// Found by username.
    case username = 0
    /// Found by a word of the display name.
    case word = 1
  }

  public let section: Section
  /// The word found; empty in the first section.
  public let word: String
  public let username: String

  public init(_ section: Section, word: String, username: String) {
    self.section = section
    self.word = word
    self.username = username
  }
}

extension UserCursor: Comparable {
  /// By section, word and username, as bytes.
  public static func < (a: UserCursor, b: UserCursor) -> Bool {
    if a.section != b.section { return a.section.rawValue < b.section.rawValue }
    if !a.word.utf8.elementsEqual(b.word.utf8) { return a.word.utf8.lexicographicallyPrecedes(b.word.utf8) }
    return a.username.utf8.lexicographicallyPrecedes(b.username.utf8)
  }

  public static func == (a: UserCursor, b: UserCursor) -> Bool { !(a < b) && !(b < a) }
}
