/// The window policies of one channel, by what the recipient looks at.
public struct Windows: Hashable, Sendable {
  /// For a message of a chat that some device of the recipient shows.
  public var viewing: WindowPolicy
  /// For a message of another chat while some device looks.
  public var elsewhere: WindowPolicy

  public init(viewing: WindowPolicy, elsewhere: WindowPolicy) {
    self.viewing = viewing
    self.elsewhere = elsewhere
  }

  /// For streams, where a write costs next to nothing.
  public static let immediate = Windows(viewing: .zero, elsewhere: .zero)
  /// For channels that are billed by the write.
  public static let economical = Windows(viewing: .leading(.seconds(1)), elsewhere: .elsewhere)
}
