import ChatDomain

extension FollowerState {
  public mutating func received(heads: [WireHead], run: Int) -> [Action] {
    guard run == self.run else { return [] }
    var actions: [Action] = []
    for head in heads where !reading.contains(head.chat) {
      if let last = head.last, last > cursor(of: head.chat) {
        actions += startRead(head.chat)
      } else {
        caughtUp.insert(head.chat)
      }
    }
    return actions
  }

  /// - Returns: what to do, and the messages that had not been held.
  public mutating func received(
    _ page: WirePage, of chat: ChatID, run: Int
  ) -> (actions: [Action], fresh: [WireMessage]) {
    let fresh = page.messages.filter { hold($0) }
    counts.fetched += fresh.count
    if let last = page.messages.last?.id { advance(chat, to: last) }
    // A page read from the cursor counts for ever; that the chat is caught up counts within its run only.
    guard run == self.run, reading.contains(chat) else { return ([], fresh) }
    if page.next != nil || stubbed.remove(chat) != nil {
      return ([.read(chat, after: cursor(of: chat), run: run)], fresh)
    }
    reading.remove(chat)
    caughtUp.insert(chat)
    if let newest = newest[chat] { advance(chat, to: newest) }
    return ([], fresh)
  }
}
