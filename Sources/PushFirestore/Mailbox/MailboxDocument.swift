import ChatDomain

/// The document `mailboxes/{user id}` as one aggregate leaves it: the aggregate, and as many of those before it as fit.
public struct MailboxDocument: Sendable {
  struct Fields: Sendable, Hashable {
    let epoch: String
    /// Of the oldest aggregate in it; above `seq` when it holds none.
    let first: UInt64
    let seq: UInt64
    /// JSON arrays: a map costs the SDK far more than a string of the same bytes.
    let news: [UInt8]
    let reads: [UInt8]
  }

  /// The full resource name.
  let name: String
  let fields: Fields

  /// - Parameter cap: bytes of `news` and `reads`.
  init(_ publication: Publication, root: String, cap: Int) {
    let (recipient, base) = (publication.ticket.recipient, publication.ticket.base)
    name = MailboxDocument.name(of: recipient, root: root)
    fields = Fields(publication.aggregate, after: publication.recent, epoch: base.epoch, for: recipient, cap: cap)
  }

  /// Nothing but a base line.
  init(base: BaseLine, of recipient: UserID, root: String) {
    name = MailboxDocument.name(of: recipient, root: root)
    fields = Fields(base: base)
  }

  private static func name(of recipient: UserID, root: String) -> String { "\(root)/mailboxes/\(recipient)" }
}

extension MailboxDocument.Fields {
  fileprivate init(base: BaseLine) {
    self.init(
      epoch: base.epoch.description, first: base.seq + 1, seq: base.seq, news: Array("[]".utf8),
      reads: Array("[]".utf8))
  }

  fileprivate init(_ aggregate: Aggregate, after recent: [Aggregate], epoch: Epoch, for recipient: UserID, cap: Int) {
    var own = JSONBytes(reservingCapacity: aggregate.bytes)
    own.entries(of: aggregate, for: recipient)
    var receipts = MailboxDocument.Fields.receipts(aggregate.reads)
    if own.bytes.count + receipts.count + 4 > cap {
      // The reader of a stub fetches its chat, so one a chat tells all.
      own = JSONBytes()
      own.stubbedEntries(of: aggregate, for: recipient)
      // Receipts are hints.
      receipts = []
    }
    guard own.bytes.count + receipts.count + 4 <= cap else {
      // News of so many chats that not even their stubs fit: a gap, at which the reader catches up.
      self.init(base: BaseLine(epoch: epoch, seq: aggregate.seq))
      return
    }

    var entries = own.bytes
    var first = aggregate.seq
    for earlier in recent.reversed() where earlier.seq + 1 == first {
      var json = JSONBytes(reservingCapacity: earlier.bytes)
      json.entries(of: earlier, for: recipient)
      guard json.bytes.count + 1 + entries.count + receipts.count + 4 <= cap else { break }
      entries = json.bytes + [UInt8(ascii: ",")] + entries
      first = earlier.seq
    }
    self.init(
      epoch: epoch.description, first: first, seq: aggregate.seq, news: MailboxDocument.Fields.array(entries),
      reads: MailboxDocument.Fields.array(receipts))
  }

  private static func receipts(_ reads: [ReadMark]) -> [UInt8] {
    var json = JSONBytes()
    json.receipts(reads)
    return json.bytes
  }

  private static func array(_ elements: [UInt8]) -> [UInt8] { [UInt8(ascii: "[")] + elements + [UInt8(ascii: "]")] }
}
