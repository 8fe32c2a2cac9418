import ChatDomain
import NIOCore

/// The events of a stream, as bytes.
enum StreamFrames {
  /// A comment: keeps the connection alive and means nothing.
  static let heartbeat = ByteBuffer(string: ":\n\n")

  static func ready(_ base: BaseLine) -> ByteBuffer { place("ready", base) }

  static func resync(_ base: BaseLine) -> ByteBuffer { place("resync", base) }

  private static func place(_ event: String, _ base: BaseLine) -> ByteBuffer {
    ByteBuffer(string: "event: \(event)\ndata: {\"epoch\":\"\(base.epoch)\",\"seq\":\(base.seq)}\n\n")
  }

  /// - Parameter reason: needs no escapes.
  static func bye(_ reason: String) -> ByteBuffer {
    ByteBuffer(string: "event: bye\ndata: {\"reason\":\"\(reason)\"}\n\n")
  }

  static func read(_ receipt: ReadMark) -> ByteBuffer {
    var bytes = Array("event: read\ndata: ".utf8)
    append(receipt, to: &bytes)
    bytes.append(contentsOf: "\n\n".utf8)
    return ByteBuffer(bytes: bytes)
  }

  /// An aggregate as its recipient sees it. What others see of a message is encoded once and shared.
  static func news(_ aggregate: Aggregate, epoch: Epoch, for recipient: UserID) -> ByteBuffer {
    let (name, seq) = (epoch.description, String(aggregate.seq))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(aggregate.bytes + 160)
    bytes.append(contentsOf: "event: news\nid: \(name):\(seq)\ndata: {\"epoch\":\"\(name)\",\"first\":".utf8)
    bytes.append(contentsOf: "\(seq),\"seq\":\(seq),\"news\":[".utf8)
    append(aggregate.items, seq: seq, for: recipient, to: &bytes)
    bytes.append(contentsOf: "],\"reads\":[".utf8)
    for (index, receipt) in aggregate.reads.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(receipt, to: &bytes)
    }
    bytes.append(contentsOf: "]}\n\n".utf8)
    return ByteBuffer(bytes: bytes)
  }

  /// Messages of one chat stand together, so each run is an entry.
  private static func append(
    _ items: ContiguousArray<NewsItem>, seq: String, for recipient: UserID, to bytes: inout [UInt8]
  ) {
    var chat: ChatID?
    for item in items {
      if item.message.chat == chat {
        bytes.append(UInt8(ascii: ","))
      } else {
        if chat != nil { bytes.append(contentsOf: "]},".utf8) }
        chat = item.message.chat
        bytes.append(contentsOf: "{\"seq\":\(seq),\"chat_id\":\"\(item.message.chat)\",\"messages\":[".utf8)
      }
      if item.message.key != nil, item.message.sender == recipient {
        bytes.append(contentsOf: encode(item.message, for: recipient))
      } else {
        bytes.append(contentsOf: item.encoded { encode($0, for: recipient) })
      }
    }
    if chat != nil { bytes.append(contentsOf: "]}".utf8) }
  }

  /// A text above `ChatLimits.newsTextBytes` is left out: the client fetches it.
  private static func encode(_ message: Message, for viewer: UserID) -> [UInt8] {
    let isLong = message.text.utf8.count > ChatLimits.newsTextBytes
    var json = JSONBytes(reservingCapacity: 320 + (isLong ? 0 : message.text.utf8.count))
    if isLong {
      json.stub(of: message, for: viewer)
    } else {
      json.message(message, for: viewer)
    }
    return json.bytes
  }

  private static func append(_ receipt: ReadMark, to bytes: inout [UInt8]) {
    bytes.append(
      contentsOf: "{\"chat_id\":\"\(receipt.chat)\",\"user_id\":\"\(receipt.user)\",\"message_id\":\"\(receipt.upTo)\"}"
        .utf8)
  }
}
