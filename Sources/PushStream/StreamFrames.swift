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
    var json = JSONBytes()
    json.raw("event: read\ndata: ")
    json.receipts([receipt])
    json.raw("\n\n")
    return ByteBuffer(bytes: json.bytes)
  }

  /// An aggregate as its recipient sees it.
  static func news(_ aggregate: Aggregate, epoch: Epoch, for recipient: UserID) -> ByteBuffer {
    let (name, seq) = (epoch.description, String(aggregate.seq))
    var json = JSONBytes(reservingCapacity: aggregate.bytes + 160)
    json.raw(
      "event: news\nid: \(name):\(seq)\ndata: {\"epoch\":\"\(name)\",\"first\":\(seq),\"seq\":\(seq),\"news\":[".utf8)
    json.entries(of: aggregate, for: recipient)
    json.raw(#"],"reads":["#)
    json.receipts(aggregate.reads)
    json.raw("]}\n\n")
    return ByteBuffer(bytes: json.bytes)
  }
}
