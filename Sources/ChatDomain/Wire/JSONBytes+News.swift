extension JSONBytes {
  /// The entries of an aggregate's news as its recipient sees them, without the brackets around. What others see of a message is encoded once and
  /// shared.
  ///
  /// Messages of one chat stand together in an aggregate, so each run of them is an entry.
  public mutating func entries(of aggregate: Aggregate, for recipient: UserID) {
    var chat: ChatID?
    for item in aggregate.items {
      if item.message.chat == chat {
        raw(",")
      } else {
        if chat != nil { raw("]},") }
        chat = item.message.chat
        openEntry(item.message.chat, seq: aggregate.seq)
      }
      if item.message.key != nil, item.message.sender == recipient {
        raw(JSONBytes.news(item.message, for: recipient))
      } else {
        raw(item.encoded { JSONBytes.news($0, for: recipient) })
      }
    }
    if chat != nil { raw("]}") }
  }

  /// The same entries with nothing but a stub of each chat's last message: whoever reads it fetches the chat.
  public mutating func stubbedEntries(of aggregate: Aggregate, for recipient: UserID) {
    let items = aggregate.items
    var isFirst = true
    for (position, item) in items.enumerated()
    where position + 1 == items.count || items[position + 1].message.chat != item.message.chat {
      if !isFirst { raw(",") }
      isFirst = false
      openEntry(item.message.chat, seq: aggregate.seq)
      stub(of: item.message, for: recipient)
      raw("]}")
    }
  }

  /// Receipts, without the brackets around.
  public mutating func receipts(_ receipts: some Sequence<ReadMark>) {
    for (position, receipt) in receipts.enumerated() {
      if position > 0 { raw(",") }
      raw(#"{"chat_id":""#)
      raw(receipt.chat.description.utf8)
      raw(#"","user_id":""#)
      raw(receipt.user.description.utf8)
      raw(#"","message_id":""#)
      raw(receipt.upTo.description.utf8)
      raw(#""}"#)
    }
  }

  private mutating func openEntry(_ chat: ChatID, seq: UInt64) {
    raw(#"{"seq":"#)
    integer(seq)
    raw(#","chat_id":""#)
    raw(chat.description.utf8)
    raw(#"","messages":["#)
  }

  /// A text above `ChatLimits.newsTextBytes` is left out: the client fetches it.
  private static func news(_ message: Message, for viewer: UserID) -> [UInt8] {
    let isLong = message.text.utf8.count > ChatLimits.newsTextBytes
    var json = JSONBytes(reservingCapacity: 320 + (isLong ? 0 : message.text.utf8.count))
    if isLong {
      json.stub(of: message, for: viewer)
    } else {
      json.message(message, for: viewer)
    }
    return json.bytes
  }
}
