import Aggregation
import ChatDomain

extension ModelWorld {
  /// Runs a random schedule, then lets everything settle. Returns what went wrong.
  mutating func run(steps: Int) -> String? {
    for _ in 0..<steps {
      step(isCalm: false)
      if let problem = missing(atEnd: false) { return problem }
    }
    // The last thing that happens may be a drop: then no later news shows it.
    if dice.chance(30) {
      while !handover.isEmpty { deliver(handover.removeFirst(), isDropped: true) }
    }
    for index in clients.indices { clients[index].isAwake = true }
    for _ in 0..<16 {
      for _ in 0..<50 { step(isCalm: true) }
      now += 5
      if let problem = missing(atEnd: false) { return problem }
    }
    var patience = 20_000
    while !isSettled, patience > 0 {
      step(isCalm: true)
      patience -= 1
    }
    return isSettled ? missing(atEnd: true) : "it does not come to rest"
  }

  /// Nothing can happen without time passing.
  private var isSettled: Bool {
    handover.isEmpty && requests.isEmpty && writes.isEmpty
      && clients.allSatisfy { client in
        !client.isCatchingUp && (client.isMailbox || client.connection != nil)
          && (connections[client.connection ?? 0]?.events ?? []).isEmpty
          && client.chats.allSatisfy { $0.value.cursor != nil }
      }
  }

  private mutating func step(isCalm: Bool) {
    let index = dice.below(clients.count)
    switch dice.below(12) {
    case 0: if !isCalm { disturb(index) }
    case 1, 2:
      if !isCalm, dice.chance(50) { send(index) }
    case 3, 4: if !handover.isEmpty { deliver(handover.removeFirst(), isDropped: !isCalm && dice.chance(10)) }
    case 5: for outlet in outlets.indices { server(outlet) }
    case 6: if !requests.isEmpty { answer(dice.below(requests.count), isCalm: isCalm) }
    case 7: if !writes.isEmpty { write(dice.below(writes.count), isCalm: isCalm) }
    default:
      if clients[index].isAwake { clients[index].isMailbox ? mailbox(index) : stream(index) }
      if clients[index].isAwake { ask(index) }
    }
    for index in requests.indices where dice.chance(30) { process(index) }
  }

  private mutating func disturb(_ index: Int) {
    switch dice.below(12) {
    case 0: crash()
    case 1: clients[index].reload(now: now)
    case 2, 3: clients[index].isAwake.toggle()
    case 4, 5:
      // Noticed by the client; the server still thinks that it is there.
      clients[index].connection = nil
    case 6, 7:
      guard let number = clients[index].connection else { break }
      close(number)
    case 8:
      for (number, connection) in connections.sorted(by: { $0.key < $1.key })
      where connection.isOpenAtServer && clients[connection.client].connection != number { close(number) }
    case 9:
      guard clients[index].isMailbox else { break }
      let (user, device) = (clients[index].user, clients[index].device)
      server(1) { $0.end(device: .number(device), of: .number(user), now: $2, &$1) }
    default: now += [1, 3, 11, 27, 61][dice.below(5)]
    }
  }

  private mutating func close(_ number: UInt64) {
    guard let connection = connections[number], connection.isOpenAtServer else { return }
    connections[number]?.isOpenAtServer = false
    let client = clients[connection.client]
    server(0) {
      $0.closed(
        ConnectionID(number: number), device: .number(client.device), of: .number(client.user), now: $2, &$1)
    }
  }

  private mutating func send(_ index: Int) {
    lastID += 1
    let chat = 1 + dice.below(ModelWorld.chatCount)
    history[chat, default: []].append(lastID)
    let device = dice.chance(70) ? clients[index].device : nil
    handover.append(message(lastID, in: chat, from: clients[index].user, device: device))
    requests.append(.sent(client: index, id: lastID, chat: chat))
  }

  private mutating func deliver(_ item: NewsItem, isDropped: Bool) {
    let isSilent = fault == .dropsSilently
    for outlet in outlets.indices {
      server(outlet) {
        if !isDropped {
          for user in 1...2 { $0.deliver(item, to: .number(user), now: $2, &$1) }
        } else if !isSilent {
          $0.dropped([.number(1), .number(2)], now: $2, &$1)
        }
      }
    }
  }

  // MARK: - Mailbox

  private mutating func mailbox(_ index: Int) {
    let client = clients[index]
    if let behind = client.behind, now >= behind.since {
      clients[index].start(at: behind.base)
    } else if now >= client.dueAt,
      !requests.contains(where: { if case .lease(index, _, _) = $0 { true } else { false } })
    {
      requests.append(.lease(client: index, sentAt: now, answer: nil))
    } else if let all = documents[client.user], client.documentSeen < all.count - 1 {
      clients[index].documentSeen = all.count - 1
      clients[index].take(all[all.count - 1], now: now)
    }
  }

  private mutating func write(_ place: Int, isCalm: Bool) {
    let attempt = writes[place]
    if attempt.landed == 0 || (!isCalm && dice.chance(20)) {
      documents[attempt.user, default: []].append(attempt.document)
      writes[place].landed += 1
      if !isCalm, dice.chance(50) { return }
    }
    let outcome: PublishOutcome = isCalm || dice.chance(70) ? .published : dice.chance(90) ? .failed : .refused
    if let ticket = attempt.ticket {
      server(1) { $0.settled(ticket, outcome, now: $2, &$1) }
    }
    // One that timed out may land later all the same; the last of them only while things are not calm.
    if let place = writes.indices.first(where: { $0 == place }) {
      if outcome == .published || isCalm {
        writes.remove(at: place)
      } else {
        writes[place] = Write(user: attempt.user, document: attempt.document, ticket: nil, landed: 0)
      }
    }
  }

  // MARK: - Stream

  private mutating func stream(_ index: Int) {
    let client = clients[index]
    guard let number = client.connection, let connection = connections[number] else {
      lastConnection += 1
      let number = lastConnection
      let resuming = client.base == nil ? nil : client.lastEvent ?? client.base
      clients[index].lastEvent = resuming
      clients[index].connection = number
      connections[number] = Connection(client: index)
      server(0) {
        $0.opened(
          ConnectionID(number: number), device: .number(client.device), of: .number(client.user), resuming: resuming,
          now: $2, &$1)
      }
      return
    }
    if let event = connection.events.first {
      connections[number]?.events.removeFirst()
      clients[index].hear(event, now: now)
    } else if !connection.isOpenAtServer {
      clients[index].connection = nil
    }
  }

  // MARK: - Requests

  private mutating func ask(_ index: Int) {
    let client = clients[index]
    let run = client.base == nil ? -1 : client.run
    let asked = requests.contains { $0.client == index }
    if asked { return }
    if let chat = (1...ModelWorld.chatCount).first(where: { client.chats[$0]?.cursor == nil }), dice.chance(20) {
      requests.append(.open(client: index, run: run, chat: chat, answer: nil))
    } else if client.wantsHeads, client.base != nil {
      requests.append(.heads(client: index, run: run, answer: nil))
    } else if let chat = client.reads.first {
      requests.append(.page(client: index, run: run, chat: chat, answer: nil))
    }
  }

  /// The server works on a request; its answer travels for a while.
  private mutating func process(_ place: Int) {
    switch requests[place] {
    case .lease(let client, let sentAt, nil):
      var answer = LeaseAnswer.tooSoon
      let lease = Lease(
        user: .number(clients[client].user), device: .number(clients[client].device), channel: .firestore,
        viewing: [.number(1)])
      server(1) { answer = $0.renew(lease, now: $2, &$1) }
      guard case .taken(let name?, let seq, _, _) = answer, let epoch = Epoch(name) else { return }
      requests[place] = .lease(client: client, sentAt: sentAt, answer: BaseLine(epoch: epoch, seq: seq))
    case .heads(let client, let run, nil):
      requests[place] = .heads(client: client, run: run, answer: history.mapValues { $0.last ?? 0 })
    case .page(let client, let run, let chat, nil):
      let after = (history[chat] ?? []).filter { $0 > clients[client].chats[chat]?.cursor ?? 0 }
      requests[place] = .page(client: client, run: run, chat: chat, answer: (Array(after.prefix(2)), after.count > 2))
    case .open(let client, let run, let chat, nil):
      let latest = Array((history[chat] ?? []).reversed())
      requests[place] = .open(
        client: client, run: run, chat: chat, answer: (Array(latest.prefix(2)), latest.count > 2))
    default: break
    }
  }

  private mutating func answer(_ place: Int, isCalm: Bool) {
    let request = requests[place]
    let index = request.client
    guard clients[index].isAwake else { return }
    if !isCalm, dice.chance(15) {
      // Lost, whether or not it was processed; a send is retried until it is answered.
      if case .sent = request { return }
      requests.remove(at: place)
      return
    }
    switch request {
    case .lease(_, let sentAt, let base?): clients[index].leased(base, sentAt: sentAt, now: now)
    case .heads(_, let run, let all?): clients[index].gotHeads(all, askedIn: run)
    case .page(_, let run, let chat, let page?):
      clients[index].gotPage(page.ids, hasMore: page.hasMore, of: chat, askedIn: run)
    case .open(_, let run, let chat, let page?):
      clients[index].opened(page.ids, hasMore: page.hasMore, of: chat, askedIn: run)
    case .sent(_, let id, let chat): clients[index].sent(id, in: chat)
    default: return
    }
    requests.remove(at: place)
  }
}
