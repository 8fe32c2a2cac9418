import ChatDomain

extension FollowerState {
  /// - Parameter resumed: the stream was opened with `Last-Event-ID`.
  public mutating func received(ready line: WireBaseLine, resumed: Bool) -> [Action] {
    // Its seq is ignored: the replay follows (Clients 1).
    if resumed, line.epoch == base?.epoch { return [] }
    return startRun(line)
  }

  public mutating func received(resync line: WireBaseLine) -> [Action] {
    // After `ready` of another epoch it says the same place again: nothing can be missing since.
    line == base ? [] : startRun(line)
  }

  /// - Returns: what to do, and the messages that had not been held.
  public mutating func received(_ news: WireNews) -> (actions: [Action], fresh: [WireMessage]) {
    guard let base, base.epoch == news.epoch, news.first <= base.seq + 1 else {
      counts.gaps += 1
      self.base = nil
      return ([.reopen], [])
    }
    var actions: [Action] = []
    var fresh: [WireMessage] = []
    for entry in news.news where entry.seq > base.seq {
      for message in entry.messages { take(message, &actions, &fresh) }
    }
    self.base = WireBaseLine(epoch: base.epoch, seq: max(base.seq, news.seq))
    return (actions, fresh)
  }

  /// A message that came in sequence.
  private mutating func take(_ message: WireMessage, _ actions: inout [Action], _ fresh: inout [WireMessage]) {
    let chat = message.chat
    counts.pushed += 1
    if let last = newest[chat] {
      if message.id == last { counts.pushedTwice += 1 }
      if message.id < last { counts.outOfOrder += 1 }
    }
    newest[chat] = max(newest[chat] ?? message.id, message.id)
    guard message.text != nil else {
      // A stub advances nothing: only a read sent after it counts (Clients 3).
      caughtUp.remove(chat)
      if reading.contains(chat) { stubbed.insert(chat) } else { actions += startRead(chat) }
      return
    }
    if hold(message) { fresh.append(message) }
    if caughtUp.contains(chat) { advance(chat, to: message.id) } else { actions += startRead(chat) }
  }
}
