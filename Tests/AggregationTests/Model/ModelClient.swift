import ChatDomain

/// News as a client gets it: some aggregates of one epoch, each a number and its messages by chat.
struct ModelNews {
  let epoch: Epoch
  /// Ascending; empty for a mailbox that only tells a new epoch.
  let aggregates: [(seq: UInt64, messages: [(chat: Int, id: Int)])]
  var first: UInt64 { aggregates.first?.seq ?? 1 }
  var last: UInt64 { aggregates.last?.seq ?? 0 }
}

enum ModelEvent {
  case ready(BaseLine, resuming: BaseLine?)
  case news(ModelNews)
  case resync(BaseLine)
}

/// What a client keeps of a chat: everything from `oldest` to `cursor` is held.
struct ModelChat {
  var held: Set<Int> = []
  var cursor: Int?
  var oldest = 0
  var seen = 0
}

/// A client by the letter of the protocol's rules Clients 1 to 5, for one device on one channel; the reference model's, in Swift.
struct ModelClient {
  let user: Int
  let device: Int
  let isMailbox: Bool

  var chats: [Int: ModelChat] = [:]
  var isAwake = true
  var run = 0
  var base: BaseLine?
  var caughtUp: Set<Int> = []
  var inSequence: [Int: Int] = [:]
  var heads: [Int: Int] = [:]
  /// The catch-up under way: whether heads are wanted, and which chats are to be read.
  var wantsHeads = false
  var reads: [Int] = []
  var isCatchingUp = false
  /// Mailbox: when the lease is to be renewed, and since when a renewal's number stays above ours.
  var dueAt = 0
  var behind: (since: Int, base: BaseLine)?
  var documentSeen = -1
  /// Stream: the open connection, and the id of the last event.
  var connection: UInt64?
  var lastEvent: BaseLine?

  init(user: Int, device: Int, isMailbox: Bool, chats count: Int) {
    self.user = user
    self.device = device
    self.isMailbox = isMailbox
    for chat in 1...count { chats[chat] = ModelChat() }
  }

  /// A reload keeps the messages and cursors, and loses the rest.
  mutating func reload(now: Int) {
    needBaseLine(now: now)
    (wantsHeads, reads, isCatchingUp, documentSeen) = (false, [], false, -1)
  }

  mutating func start(at new: BaseLine) {
    run += 1
    base = new
    (caughtUp, inSequence, heads, behind) = ([], [:], [:], nil)
    (wantsHeads, isCatchingUp) = (true, true)
  }

  mutating func needBaseLine(now: Int) {
    run += 1
    (base, behind, dueAt) = (nil, nil, now)
    (connection, lastEvent) = (nil, nil)
  }

  mutating func hear(_ event: ModelEvent, now: Int) {
    switch event {
    case .news(let news):
      lastEvent = BaseLine(epoch: news.epoch, seq: news.last)
      take(news, now: now)
    // One that names the place where the client stands (`ready` has just begun a run there) needs no second catch-up.
    case .resync(let new): if base != new { start(at: new) }
    case .ready(let new, let resuming):
      if resuming?.epoch != new.epoch || base?.epoch != new.epoch { start(at: new) }
    }
  }

  mutating func take(_ news: ModelNews, now: Int) {
    for (_, messages) in news.aggregates {
      for message in messages { merge(message.id, in: message.chat) }
    }
    guard let mine = base else { return }
    guard news.epoch == mine.epoch, news.first <= mine.seq + 1 else { return needBaseLine(now: now) }
    for (seq, messages) in news.aggregates where seq > mine.seq {
      for message in messages { advance(message.chat, to: message.id) }
    }
    base = BaseLine(epoch: mine.epoch, seq: max(mine.seq, news.last))
    if let pending = behind, news.last >= pending.base.seq { behind = nil }
  }

  private mutating func advance(_ chat: Int, to id: Int) {
    inSequence[chat] = id
    guard let cursor = chats[chat]?.cursor else { return }
    if caughtUp.contains(chat) {
      chats[chat]?.cursor = max(cursor, id)
    } else {
      wantRead(chat)
    }
  }

  mutating func merge(_ id: Int, in chat: Int) {
    chats[chat]?.held.insert(id)
    raiseSeen(chat, to: id)
  }

  mutating func wantRead(_ chat: Int) {
    isCatchingUp = true
    if !reads.contains(chat) { reads.append(chat) }
  }

  /// A 201 for an own message.
  mutating func sent(_ id: Int, in chat: Int) {
    merge(id, in: chat)
    if let cursor = chats[chat]?.cursor, base != nil, !caughtUp.contains(chat), id > cursor { wantRead(chat) }
  }

  mutating func leased(_ new: BaseLine, sentAt: Int, now: Int) {
    dueAt = sentAt + 25
    if base?.epoch != new.epoch {
      start(at: new)
    } else if let base, new.seq > base.seq, behind == nil {
      behind = (now + 2, new)
    }
  }

  mutating func gotHeads(_ all: [Int: Int], askedIn: Int) {
    guard askedIn == run, isCatchingUp else { return }
    wantsHeads = false
    for (chat, last) in all {
      raiseSeen(chat, to: last)
      heads[chat] = last
      guard let cursor = chats[chat]?.cursor else { continue }
      if last > cursor {
        wantRead(chat)
      } else if !reads.contains(chat) {
        caughtUp.insert(chat)
      }
    }
    finishCatchingUp()
  }

  mutating func gotPage(_ ids: [Int], hasMore: Bool, of chat: Int, askedIn: Int) {
    for id in ids {
      merge(id, in: chat)
      raiseCursor(chat, to: id)
    }
    if hasMore { return }
    if askedIn == run {
      raiseCursor(chat, to: inSequence[chat] ?? 0)
      caughtUp.insert(chat)
    } else if base != nil {
      return
    }
    reads.removeAll { $0 == chat }
    finishCatchingUp()
  }

  /// The newest page of a chat that had no cursor.
  mutating func opened(_ ids: [Int], hasMore: Bool, of chat: Int, askedIn: Int) {
    let oldest = hasMore ? ids.last ?? 0 : 0
    chats[chat]?.oldest = oldest
    chats[chat]?.cursor = ids.first ?? 0
    let kept = (chats[chat]?.held ?? []).filter { $0 >= oldest }
    chats[chat]?.held = kept
    for id in ids { merge(id, in: chat) }
    guard let opened = chats[chat], let cursor = opened.cursor else { return }
    if opened.seen > cursor {
      wantRead(chat)
    } else if askedIn == run || (heads[chat] ?? .max) <= cursor {
      caughtUp.insert(chat)
    }
  }

  private mutating func raiseSeen(_ chat: Int, to id: Int) {
    let seen = chats[chat]?.seen ?? 0
    chats[chat]?.seen = max(seen, id)
  }

  private mutating func raiseCursor(_ chat: Int, to id: Int) {
    let cursor = chats[chat]?.cursor ?? 0
    chats[chat]?.cursor = max(cursor, id)
  }

  private mutating func finishCatchingUp() {
    if !wantsHeads, reads.isEmpty { isCatchingUp = false }
  }
}
