/// Carries numbered aggregates to the devices of recipients: an event stream, or a mailbox.
///
/// Contract. A recipient is served by one shard, which calls these methods in order, one at a time, on its own runner. None of them may block or throw; what
/// they tell the `PushOwner` meanwhile takes effect after they have returned. An aggregate and its number never change: a second attempt carries the same. The channel adds no
/// order of its own: at most one aggregate of a recipient is under way. What the channel cannot carry it says through the outcome; it
/// must not keep more than its own bound.
public protocol PushChannel: Sendable {
  var name: ChannelName { get }

  /// One attempt to publish. nil if the outcome comes later, exactly once, through `PushOwner.settled`. Before each request that costs something
  /// the channel asks `PushOwner.isWanted` again.
  func publish(_ publication: Publication) -> PublishOutcome?

  /// The recipient's epoch ended under a live lease, and this base line begins the next: `resync` on streams, one write on a mailbox.
  func announce(_ base: BaseLine, to audience: Audience)

  /// A receipt, to be passed on at once and without a number; losing it does no harm. Channels without connections are never called: there it rides
  /// in the next aggregate.
  func hint(_ receipt: ReadMark, to audience: Audience)

  /// The first thing that a connection hears, before any publication. Channels without connections are never called.
  func begin(_ connection: ConnectionID, at base: BaseLine, with beginning: Beginning)

  /// The shard has forgotten the connection: end it.
  func cut(_ connection: ConnectionID, because reason: CutReason)
}

/// One open connection of one device, numbered by the channel; never reused within a process.
public struct ConnectionID: Hashable, Sendable {
  public let number: UInt64
  public init(number: UInt64) { self.number = number }
}

/// Whom a call concerns.
public struct Audience: Hashable, Sendable {
  public let recipient: UserID
  /// Open connections of the recipient; empty on channels without.
  public let connections: [ConnectionID]
  /// Devices of the recipient that look, about.
  public let devices: Int

  public init(recipient: UserID, connections: [ConnectionID], devices: Int) {
    self.recipient = recipient
    self.connections = connections
    self.devices = devices
  }
}

/// One aggregate for one recipient.
public struct Publication: Sendable {
  public let ticket: PublishTicket
  public let aggregate: Aggregate
  /// The aggregates of this epoch before it that are still remembered, oldest first: a mailbox keeps the last few.
  public let recent: [Aggregate]
  public let audience: Audience
  /// It was attempted before.
  public let isRetry: Bool

  public init(
    ticket: PublishTicket, aggregate: Aggregate, recent: [Aggregate], audience: Audience, isRetry: Bool = false
  ) {
    self.ticket = ticket
    self.aggregate = aggregate
    self.recent = recent
    self.audience = audience
    self.isRetry = isRetry
  }
}

/// Names one publication, over all its attempts.
public struct PublishTicket: Hashable, Sendable {
  public let channel: ChannelName
  public let recipient: UserID
  public let base: BaseLine

  public init(channel: ChannelName, recipient: UserID, base: BaseLine) {
    self.channel = channel
    self.recipient = recipient
    self.base = base
  }
}

public enum PublishOutcome: Sendable, Hashable {
  case published
  /// It may have arrived or not: try again later.
  case failed
  /// The gate does not let it pass: the recipient's epoch ends.
  case refused
}

/// How a connection begins, after its base line.
public enum Beginning: Sendable {
  /// News follows the base line.
  case fresh
  /// These follow first: it continues where it was.
  case replay([Aggregate])
  /// It wanted to continue, and something may be missing.
  case resync
}

public enum CutReason: Sendable, Hashable {
  /// A newer connection of the same device.
  case replaced
  /// The user has too many devices.
  case tooManyDevices
  /// The recipient's push state ended.
  case ended
}
