import Synchronization

/// A message on its way to its recipients. A class, so that all of them share one: an open aggregate holds references.
public final class NewsItem: Sendable {
  public let message: Message
  /// The device that sent it, if its send had a key (protocol, Servers 12).
  public let senderDevice: DeviceID?
  /// Monotonic nanoseconds of this process when it was accepted; 0 if unknown.
  public let acceptedAt: UInt64
  /// What it takes in news, in bytes of JSON: no less, and little more.
  public let bytes: Int
  private let encoded = Mutex<[UInt8]?>(nil)

  public init(message: Message, senderDevice: DeviceID? = nil, acceptedAt: UInt64 = 0) {
    self.message = message
    self.senderDevice = senderDevice
    self.acceptedAt = acceptedAt
    bytes = 320 + NewsItem.encodedBytes(message.text)
  }

  /// At most what a text takes within JSON, where a control character becomes six bytes; nothing for one that has to be fetched.
  private static func encodedBytes(_ text: String) -> Int {
    if text.utf8.count > ChatLimits.newsTextBytes { return 0 }
    return text.utf8.reduce(0) { count, byte in
      count + (byte < 0x20 ? 6 : byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? 2 : 1)
    }
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
