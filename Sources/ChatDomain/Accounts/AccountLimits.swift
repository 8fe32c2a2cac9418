/// The bounds of the HTTP contract for accounts.
public enum AccountLimits {
  /// Characters of a username, of `a-z 0-9 _ . -`.
  public static let username = 3...32
  /// Unicode scalars of a password (NIST SP 800-63B counts code points).
  public static let password = 8...256
  /// Unicode scalars of a display name.
  public static let displayName = 1...64
  /// Log-ins of one user at a time; one more ends the one that was used longest ago.
  public static let sessionsPerUser = 50
  /// Ids in one question for users.
  public static let idsPerQuestion = 100
  /// Words of a display name that a search finds it by.
  public static let searchedWords = 16
  /// Users that one page of a search looks at. A page that reaches it is short, and its cursor goes on from there.
  public static let searchedPerPage = 1_000
}
