import ChatDomain

/// How one channel is served.
public struct OutletSettings: Sendable {
  public var channel: ChannelName
  public var windows: Windows
  public var limits = AggregatorLimits()
  public var terms = LeaseTerms()
  public var ring = RingLimits()
  /// The channel has connections, and can publish to a recipient only while there is one.
  public var usesConnections: Bool
  /// A message makes nothing due for the device that sent it, if that is the only one that looks (protocol, Servers 12).
  public var sparesSender: Bool
  /// Recipients with state at a time; a further lease is answered without an epoch.
  public var recipients = 200_000
  /// The first retry comes after this long; each further one after twice as long as the one before.
  public var firstRetry = TimeSpan.seconds(1)
  /// Retries are never farther apart.
  public var slowestRetry = TimeSpan.seconds(15)
  /// An epoch ends when its pushes have failed for so long (protocol, Servers 6).
  public var patience = TimeSpan.seconds(60)

  public init(channel: ChannelName, windows: Windows, usesConnections: Bool, sparesSender: Bool) {
    self.channel = channel
    self.windows = windows
    self.usesConnections = usesConnections
    self.sparesSender = sparesSender
  }

  /// Event streams.
  public static let stream: OutletSettings = {
    var settings = OutletSettings(channel: .stream, windows: .immediate, usesConnections: true, sparesSender: false)
    // What is replayed and what waits must fit together into what a stream may have outstanding.
    settings.limits = AggregatorLimits(messages: 256, bytes: 64 * 1_024)
    return settings
  }()

  /// Mailboxes: the last few aggregates stay in the document, up to 4 KiB.
  public static let mailbox: OutletSettings = {
    var settings = OutletSettings(
      channel: .firestore, windows: .economical, usesConnections: false, sparesSender: true)
    settings.ring = RingLimits(aggregates: 16, bytes: 4 * 1_024)
    return settings
  }()
}
