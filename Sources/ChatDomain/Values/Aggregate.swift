import Synchronization

/// A message on its way to its recipients. A class, so that all of them share one: an open aggregate holds references.
public final class NewsItem: Sendable {
  public let message: Message
  /// The device that sent it, if its send had a key (protocol, Servers 12).
  public let senderDevice: DeviceID?
  /// Monotonic nanoseconds of this process when it was accepted; 0 if unknown.
  public let acceptedAt: UInt64
  /// About what it takes in news, in bytes of JSON.
  public let bytes: Int
  private let encoded = Mutex<[UInt8]?>(nil)

  public init(message: Message, senderDevice: DeviceID? = nil, acceptedAt: UInt64 = 0) {
    self.message = message
    self.senderDevice = senderDevice
    self.acceptedAt = acceptedAt
    let length = message.text.utf8.count
    bytes = 256 + (length > ChatLimits.newsTextBytes ? 0 : length)
  }

  /// What `encode` makes of the message, made once and shared by all who ask: for everybody but the sender, who sees more of it.
  public func encoded(by encode: (Message) -> [UInt8]) -> [UInt8] {
    encoded.withLock { encoded in
      if let encoded { return encoded }
      let bytes = encode(message)
      encoded = bytes
      return bytes
    }
  }
}

/// What has been published together to one recipient: numbered, and frozen since (protocol, Servers 7).
public struct Aggregate: Sendable {
  /// Contiguous from 1 within an epoch.
  public let seq: UInt64
  /// Messages of one chat stand together, in log order.
  public let items: ContiguousArray<NewsItem>
  /// The latest receipt of each chat and reader.
  public let reads: [ReadMark]

  public init(seq: UInt64, items: ContiguousArray<NewsItem>, reads: [ReadMark] = []) {
    self.seq = seq
    self.items = items
    self.reads = reads
  }

  /// About what it takes as JSON, in bytes.
  public var bytes: Int { items.reduce(64 + 150 * reads.count) { $0 + $1.bytes } }
}
