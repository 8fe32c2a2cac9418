/// Names of users, for the chat role. The auth role's store provides it.
public protocol UserDirectory: Sendable {
  /// The users that exist among `ids` (at most 1,000 of them), in no particular order. Throws `StoreError`.
  func users(_ ids: [UserID]) async throws -> [User]
}
