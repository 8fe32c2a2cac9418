/// A person with an account.
public struct User: Sendable, Hashable {
  public let id: UserID
  /// 3–32 of `a-z 0-9 _ . -`; unique.
  public let username: String
  /// 1–64 Unicode scalars.
  public let displayName: String
  public let createdAt: Timestamp
  public let isAdmin: Bool

  public init(id: UserID, username: String, displayName: String, createdAt: Timestamp, isAdmin: Bool = false) {
    self.id = id
    self.username = username
    self.displayName = displayName
    self.createdAt = createdAt
    self.isAdmin = isAdmin
  }
}
