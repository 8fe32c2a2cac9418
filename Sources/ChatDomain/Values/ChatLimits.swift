/// The bounds of the HTTP contract and of protocol.md, Servers 13.
public enum ChatLimits {
  /// Members of a chat, oneself included.
  public static let members = 257
  /// Chats of one user.
  public static let chatsPerUser = 2_000
  /// Unicode scalars of a text.
  public static let textScalars = 4_000
  /// Unicode scalars of a group's title.
  public static let titleScalars = 100
  /// UTF-8 bytes above which a text travels in news as `fetch: true`.
  public static let newsTextBytes = 1_024
  /// Members shown within a chat's summary.
  public static let summaryMembers = 5
  /// Where counting unread messages stops.
  public static let unreadCap = 100
  /// Group size above which only the sender's and the reader's own devices get receipts (Servers 11).
  public static let receiptMembers = 20
  /// Open streams or leased devices of one user.
  public static let devicesPerUser = 10
  /// Chats that one device views at a time.
  public static let viewedChats = 8
}
