/// One piece of news and whom it concerns: what the scribe hands to the push role.
///
/// In the distributed form it travels as one record per recipient; within a process the list is shared.
public struct Delivery: Sendable {
  public enum News: Sendable, Hashable {
    case message(Message)
    /// A member has read up to a message: a hint, absorbed and never pushed for its own sake (protocol, Servers 11).
    case read(chat: ChatID, user: UserID, upTo: TimeUUID)
  }

  public let news: News
  /// The sender's own id is among them: their other devices want it too.
  public let recipients: [UserID]
  /// The device that sent it, if its send had a key (protocol, Servers 12).
  public let senderDevice: DeviceID?
  /// When the message was accepted, in monotonic nanoseconds of this process; for latency figures only.
  public let acceptedAt: UInt64

  public init(news: News, recipients: [UserID], senderDevice: DeviceID? = nil, acceptedAt: UInt64 = 0) {
    self.news = news
    self.recipients = recipients
    self.senderDevice = senderDevice
    self.acceptedAt = acceptedAt
  }
}
