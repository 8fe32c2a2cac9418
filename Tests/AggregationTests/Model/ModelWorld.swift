import Aggregation
import ChatDomain

/// A server made of two outlets and a history, three devices of two users on streams and mailboxes, and a network that does what it likes.
struct ModelWorld {
  /// Ways to break the server, to see that the checker would notice.
  enum Fault { case none, dropsSilently, sameEpochAfterCrash, forgetsToAnnounce }

  struct Connection {
    let client: Int
    var events: [ModelEvent] = []
    var isOpenAtServer = true
  }

  /// One attempt of a mailbox write.
  struct Write {
    let user: Int
    let document: ModelNews
    let ticket: PublishTicket?
    var landed = 0
  }

  enum Request {
    case lease(client: Int, sentAt: Int, answer: BaseLine?)
    case heads(client: Int, run: Int, answer: [Int: Int]?)
    case page(client: Int, run: Int, chat: Int, answer: (ids: [Int], hasMore: Bool)?)
    case open(client: Int, run: Int, chat: Int, answer: (ids: [Int], hasMore: Bool)?)
    case sent(client: Int, id: Int, chat: Int)

    var client: Int {
      switch self {
      case .lease(let client, _, _), .heads(let client, _, _), .page(let client, _, _, _),
        .open(let client, _, _, _), .sent(let client, _, _):
        client
      }
    }
  }

  static let chatCount = 2
  let fault: Fault
  var dice: Dice
  var now = 1_000
  var history: [Int: [Int]] = [:]
  var handover: [NewsItem] = []
  var outlets: [Outlet] = []
  var clients: [ModelClient]
  var connections: [UInt64: Connection] = [:]
  var documents: [Int: [ModelNews]] = [:]
  var writes: [Write] = []
  var requests: [Request] = []
  var lastID = 0
  var lastConnection: UInt64 = 0
  var crashes = 0

  init(seed: Int, fault: Fault) {
    self.fault = fault
    dice = Dice(seed)
    let isMailbox = { (device: Int) in seed % 3 == 0 ? true : seed % 3 == 1 ? false : device % 2 == 0 }
    clients = [(1, 1), (1, 2), (2, 3)].map {
      ModelClient(user: $0, device: $1, isMailbox: isMailbox($1), chats: ModelWorld.chatCount)
    }
    for chat in 1...ModelWorld.chatCount {
      lastID += 1
      history[chat] = dice.chance(50) ? [lastID] : []
    }
    boot()
  }

  mutating func boot() {
    crashes += 1
    let seed = fault == .sameEpochAfterCrash ? 1 : UInt64(crashes) &* 7_919 &+ dice.next()
    var (stream, mailbox) = (OutletSettings.stream, OutletSettings.mailbox)
    stream.ring = RingLimits(aggregates: 1 + crashes % 3)
    stream.limits = AggregatorLimits(messages: 2)
    mailbox.ring = RingLimits(aggregates: 1 + crashes % 2)
    mailbox.limits = AggregatorLimits(messages: 3)
    outlets = [Outlet(stream, seed: seed), Outlet(mailbox, seed: seed &+ 1)]
  }

  var instant: Instant { Instant(nanoseconds: Int64(now) * 1_000_000_000) }

  // MARK: - Server

  /// Lets an outlet (0: streams, 1: mailboxes) take an event and carries out what it wants.
  mutating func server(_ index: Int, _ event: (inout Outlet, inout [PushAction], Instant) -> Void = { _, _, _ in }) {
    var actions: [PushAction] = []
    event(&outlets[index], &actions, instant)
    outlets[index].advance(now: instant, &actions)
    while !actions.isEmpty {
      let batch = actions
      actions = []
      for action in batch { carryOut(action, &actions) }
      outlets[index].advance(now: instant, &actions)
    }
  }

  private mutating func carryOut(_ action: PushAction, _ more: inout [PushAction]) {
    switch action {
    case .begin(let connection, let base, let beginning):
      guard let client = connections[connection.number]?.client else { return }
      connections[connection.number]?.events.append(.ready(base, resuming: clients[client].lastEvent))
      switch beginning {
      case .fresh: break
      case .resync: connections[connection.number]?.events.append(.resync(base))
      case .replay(let missed):
        for aggregate in missed {
          let event = ModelEvent.news(news(base.epoch, [aggregate]))
          connections[connection.number]?.events.append(event)
        }
      }
    case .publish(let publication): publish(publication, &more)
    case .announce(let base, let audience):
      if fault == .forgetsToAnnounce { return }
      for connection in audience.connections { connections[connection.number]?.events.append(.resync(base)) }
      if let user = user(audience.recipient), audience.connections.isEmpty {
        writes.append(Write(user: user, document: news(base.epoch, []), ticket: nil))
      }
    case .cut(let connection, _): connections[connection.number]?.isOpenAtServer = false
    case .hint: break
    }
  }

  private mutating func publish(_ publication: Publication, _ more: inout [PushAction]) {
    let epoch = publication.ticket.base.epoch
    guard publication.ticket.channel == .stream else {
      guard let user = user(publication.audience.recipient) else { return }
      let document = news(epoch, publication.recent + [publication.aggregate])
      writes.append(Write(user: user, document: document, ticket: publication.ticket))
      return
    }
    outlets[0].settled(publication.ticket, .published, now: instant, &more)
    for connection in publication.audience.connections {
      guard let open = connections[connection.number] else { continue }
      if open.events.count < 3 {
        let event = ModelEvent.news(news(epoch, [publication.aggregate]))
        connections[connection.number]?.events.append(event)
      } else {
        // A slow reader is cut off; what it was sent stays readable.
        connections[connection.number]?.isOpenAtServer = false
        let client = clients[open.client]
        outlets[0].closed(
          connection, device: .number(client.device), of: .number(client.user), now: instant, &more)
      }
    }
  }

  private func news(_ epoch: Epoch, _ aggregates: [Aggregate]) -> ModelNews {
    ModelNews(
      epoch: epoch,
      aggregates: aggregates.map { aggregate in
        (aggregate.seq, aggregate.items.map { (Int($0.message.chat.bits.low), $0.number) })
      })
  }

  private func user(_ id: UserID) -> Int? { Int(exactly: id.bits.low) }

  mutating func crash() {
    boot()
    handover = []
    for number in connections.keys { connections[number]?.isOpenAtServer = false }
    writes = writes.map { Write(user: $0.user, document: $0.document, ticket: nil, landed: $0.landed) }
    requests = requests.filter { if case .sent = $0 { true } else { dice.chance(50) } }
  }

  // MARK: - Check

  /// The first message that a client should hold and does not.
  func missing(atEnd: Bool) -> String? {
    for client in clients {
      for (chat, kept) in client.chats {
        guard let cursor = kept.cursor else { continue }
        for id in history[chat] ?? [] where id >= kept.oldest && (atEnd || id <= cursor) && !kept.held.contains(id) {
          return "device \(client.device) lacks message \(id) of chat \(chat) (cursor \(cursor))"
        }
      }
    }
    return nil
  }
}
