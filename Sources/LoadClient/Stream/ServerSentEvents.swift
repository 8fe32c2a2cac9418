import NIOCore

/// One event of a stream.
public struct ServerSentEvent: Sendable, Hashable {
  public var event = "message"
  public var id: String?
  public var data = ""
}

/// Cuts the bytes of an event stream into events. Holds no more than the event that is on its way.
public struct ServerSentEvents: Sendable {
  /// Longer events are refused, bytes.
  public static let maximumEvent = 4 * 1_024 * 1_024

  /// nil while nothing is on its way, so that an idle stream holds no memory.
  private var pending: ByteBuffer?

  public init() {}

  /// - Throws: `.tooLarge`.
  public mutating func append(_ bytes: ByteBuffer) throws(ClientError) {
    if pending == nil {
      pending = bytes
    } else {
      pending?.writeImmutableBuffer(bytes)
    }
    guard pending?.readableBytes ?? 0 <= ServerSentEvents.maximumEvent else {
      throw ClientError(.tooLarge, "an event is too large")
    }
  }

  /// The next whole event; comments are passed over.
  public mutating func next() -> ServerSentEvent? {
    while let lines = nextBlock() {
      var event = ServerSentEvent()
      var hasFields = false
      for line in lines.split(separator: "\n") where !line.hasPrefix(":") {
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        hasFields = true
        switch parts[0] {
        case "event": event.event = String(value)
        case "id": event.id = String(value)
        case "data": event.data = event.data.isEmpty ? String(value) : event.data + "\n" + value
        default: break
        }
      }
      if hasFields { return event }
    }
    return nil
  }

  /// Everything up to the next blank line.
  private mutating func nextBlock() -> String? {
    guard var bytes = pending else { return nil }
    let view = bytes.readableBytesView
    var previous: UInt8 = 0
    for (offset, byte) in view.enumerated() {
      if byte == UInt8(ascii: "\n"), previous == byte {
        let block = bytes.readString(length: offset - 1) ?? ""
        bytes.moveReaderIndex(forwardBy: 2)
        pending = bytes.readableBytes == 0 ? nil : bytes
        return block
      }
      previous = byte
    }
    return nil
  }
}
