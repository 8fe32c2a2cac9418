import Aggregation
import ChatDomain
import Metrics
import TestSupport
import Testing

@testable import PushService

@Suite(.timeLimit(.minutes(1))) struct PushServiceTests {
  let clock = MockClock()
  let stream = RecordingChannel()
  let metrics = MetricsRegistry()

  func service(
    shards: Int = 2, inbox: Int = 1_000, remembered: Int = 100, mailbox: RecordingChannel? = nil
  ) -> PushService {
    var settings = PushSettings()
    settings.shards = shards
    settings.inboxRecipients = inbox
    settings.rememberedDrops = remembered
    var channels: [(channel: any PushChannel, settings: OutletSettings)] = [(stream, .stream)]
    if let mailbox { channels.append((mailbox, .mailbox)) }
    return PushService(channels: channels, runners: [clock], settings: settings, seed: 1, metrics: metrics)
  }

  func connect(_ service: PushService, user: Int, connection: Int? = nil, resuming: BaseLine? = nil) {
    service.opened(
      ConnectionID(number: UInt64(connection ?? user)), .stream, user: .number(user), device: .number(1),
      resuming: resuming)
    clock.settle()
  }

  func renew(_ service: PushService, user: Int, _ channel: ChannelName, viewing: [Int] = [1]) async throws
    -> LeaseAnswer
  {
    let lease = Lease(
      user: .number(user), device: .number(1), channel: channel, viewing: viewing.map { .number($0) })
    return try await clock.running { try await service.renew(lease) }
  }

  @Test("News reaches whoever looks, in the order of the log, and nobody else")
  func newsReachesWhoeverLooksInThe() {
    let service = service()
    for user in 1...3 { connect(service, user: user) }
    service.receive([delivery("a", to: [1, 2, 7])])
    clock.settle()
    service.receive([delivery("b", to: [2, 3, 8])])
    clock.settle()
    let news = stream.lines.filter { $0.contains("#") }
    #expect(Set(news) == ["1 #1 a", "2 #1 a", "2 #2 b", "3 #1 b"])
    #expect(news.filter { $0.hasPrefix("2") } == ["2 #1 a", "2 #2 b"])
  }

  @Test("What came while a shard was busy goes together")
  func whatCameWhileAShardWas() {
    let service = service()
    connect(service, user: 1)
    service.receive([delivery("a", to: [1]), delivery("b", to: [1])])
    service.receive([delivery("c", to: [1])])
    clock.settle()
    #expect(stream.lines.last == "1 #1 a,b,c")
  }

  @Test("With nobody looking nothing is even put in an inbox")
  func withNobodyLookingNothingIsEven() {
    let service = service()
    service.receive([delivery("a", to: [1])])
    connect(service, user: 1)
    #expect(stream.lines == ["begin 1"])
  }

  @Test("A lease is answered by the owner, with the epoch and the last number")
  func aLeaseIsAnsweredByThe() async throws {
    let mailbox = RecordingChannel(.firestore)
    let service = service(mailbox: mailbox)
    guard case .taken(let epoch?, 0, 60, .firestore) = try await renew(service, user: 1, .firestore) else {
      Issue.record("not taken")
      return
    }
    service.receive([delivery("a", to: [1])])
    clock.advance(seconds: 2)
    #expect(
      try await renew(service, user: 1, .firestore)
        == .taken(epoch: epoch, seq: 1, expiresInSeconds: 60, channel: .firestore))
    #expect(mailbox.lines == ["1 #1 a"])
  }

  @Test("A channel that is not configured is answered with the stream and no epoch")
  func aChannelThatIsNotConfigured() async throws {
    let answer = try await renew(service(), user: 1, .firestore)
    #expect(answer == .taken(epoch: nil, seq: 0, expiresInSeconds: 0, channel: .stream))
  }

  @Test("Ending a lease ends it on every channel")
  func endingALeaseEndsItOn() async throws {
    let mailbox = RecordingChannel(.firestore)
    let service = service(mailbox: mailbox)
    _ = try await renew(service, user: 1, .firestore)
    await service.end(device: .number(1), of: .number(1), on: nil)
    service.receive([delivery("a", to: [1])])
    clock.settle()
    #expect(mailbox.lines == [])
  }

  @Test("A window closes by the shard's one timer")
  func aWindowClosesByTheShard() async throws {
    let mailbox = RecordingChannel(.firestore)
    let service = service(shards: 1, mailbox: mailbox)
    _ = try await renew(service, user: 1, .firestore)
    service.receive([delivery("elsewhere", to: [1], chat: 2)])
    clock.settle()
    #expect(clock.timerCount == 1)
    #expect(clock.nextTimer == 10_000_000_000)
    clock.advance(seconds: 9.9)
    #expect(mailbox.lines == [])
    clock.advance(seconds: 0.1)
    #expect(mailbox.lines == ["1 #1 elsewhere"])
    #expect(clock.nextTimer == 60_000_000_000)
    clock.advance(seconds: 50)
    #expect(clock.timerCount == 0)
  }

  @Test("At the inbox's limit news is dropped and the epochs of those recipients end")
  func atTheInboxSLimitNews() {
    let service = service(shards: 1, inbox: 2)
    for user in 1...3 { connect(service, user: user) }
    service.receive([delivery("a", to: [1, 2]), delivery("b", to: [1]), delivery("c", to: [3])])
    clock.settle()
    let after = Array(stream.lines.dropFirst(3))
    // "c" would have fitted; but once one is dropped, all are, until the inbox is empty. "a" goes to 2, and for 1 it waits no longer: its epoch is over.
    #expect(Set(after) == ["1 resync", "2 #1 a", "3 resync"])
    service.receive([delivery("d", to: [1])])
    clock.settle()
    #expect(stream.lines.last == "1 #1 d")
    #expect(metrics.render().contains("caravan_push_dropped_total 2"))
  }

  @Test("When too many lost something, the whole shard reads again")
  func whenTooManyLostSomethingThe() {
    let service = service(shards: 1, inbox: 0, remembered: 1)
    for user in 1...3 { connect(service, user: user) }
    service.receive([delivery("a", to: [1, 2])])
    clock.settle()
    #expect(Set(stream.lines.suffix(3)) == ["1 resync", "2 resync", "3 resync"])
  }

  @Test("An inbox under steady load is never full of what was taken")
  func anInboxUnderSteadyLoadIs() {
    let service = service(shards: 1, inbox: 3)
    connect(service, user: 1)
    for _ in 1...100 {
      service.receive([delivery("a", to: [1]), delivery("b", to: [1])])
      clock.settle()
    }
    #expect(stream.publications.count == 100)
  }

  @Test("A flood for one recipient within one turn is cut into aggregates, and nothing is dropped")
  func aFloodForOneRecipient() {
    let service = service(shards: 1, inbox: 5_000)
    connect(service, user: 1)
    service.receive((1...2_000).map { delivery("\($0)", to: [1]) })
    clock.settle()
    let texts = stream.publications.flatMap { $0.aggregate.items.map(\.message.text) }
    #expect(texts == (1...2_000).map { "\($0)" })
    #expect(stream.publications.allSatisfy { $0.aggregate.bytes <= 65 * 1_024 })
    #expect(stream.publications.map(\.aggregate.seq) == Array(1...UInt64(stream.publications.count)))
  }

  @Test("A large group is shared out among the shards, each recipient once")
  func aLargeGroupIsSharedOut() {
    let service = service(shards: 4)
    for user in 1...257 { connect(service, user: user) }
    service.receive([delivery("a", to: Array(1...257))])
    clock.settle()
    #expect(Set(stream.publications.map(\.ticket.recipient)).count == 257)
    #expect(stream.publications.count == 257)
  }

  @Test("An asynchronous channel asks the gate again and settles later")
  func anAsynchronousChannelAsksTheGate() async throws {
    let mailbox = RecordingChannel(.firestore, outcome: nil)
    let service = service(mailbox: mailbox)
    _ = try await renew(service, user: 1, .firestore)
    service.receive([delivery("a", to: [1])])
    clock.settle()
    service.receive([delivery("b", to: [1])])
    clock.advance(seconds: 2)
    #expect(mailbox.lines == ["1 #1 a"])
    let ticket = mailbox.publications[0].ticket
    #expect(try await clock.running { await service.isWanted(ticket) })
    service.settled(ticket, .failed)
    clock.advance(seconds: 1.3)
    #expect(mailbox.lines == ["1 #1 a", "1 #1 a"])
    service.settled(ticket, .published)
    clock.settle()
    #expect(mailbox.lines.last == "1 #2 b")
    await service.end(device: .number(1), of: .number(1), on: .firestore)
    #expect(try await clock.running { await service.isWanted(ticket) } == false)
  }

  @Test("Shutdown hands over what waits before it returns")
  func shutdownHandsOverWhatWaitsBefore() async throws {
    let mailbox = RecordingChannel(.firestore)
    let service = service(mailbox: mailbox)
    _ = try await renew(service, user: 1, .firestore)
    service.receive([delivery("a", to: [1], chat: 2)])
    clock.settle()
    try await clock.running { await service.finish() }
    #expect(mailbox.lines == ["1 #1 a"])
  }

  @Test("Receipts are hints to those who are connected")
  func receiptsAreHintsToThoseWho() {
    let service = service()
    connect(service, user: 1)
    service.receive([receipt(of: 2, to: [1, 2])])
    clock.settle()
    #expect(stream.lines == ["begin 1", "1 read"])
  }

  @Test("A closed stream's lease lapses after sixty seconds, and its epoch with it")
  func aClosedStreamSLeaseLapses() throws {
    let service = service()
    connect(service, user: 1)
    service.receive([delivery("a", to: [1])])
    clock.settle()
    let seen = try #require(stream.publications.first).ticket.base
    func close(_ connection: UInt64) {
      service.closed(ConnectionID(number: connection), .stream, user: .number(1), device: .number(1))
    }
    close(1)
    clock.advance(seconds: 59.9)
    connect(service, user: 1, connection: 2, resuming: seen)
    // An open one is a lease for as long as it is open.
    clock.advance(seconds: 600)
    service.receive([delivery("b", to: [1])])
    clock.settle()
    close(2)
    clock.advance(seconds: 60)
    #expect(metrics.render().contains("caravan_push_leases 0"))
    #expect(metrics.render().contains("caravan_push_recipients 0"))
    service.receive([delivery("nobody looks", to: [1])])
    connect(service, user: 1, connection: 3, resuming: seen)
    #expect(stream.lines == ["begin 1", "1 #1 a", "begin 2 replay 0", "1 #2 b", "begin 3 resync"])
  }

  @Test("Figures tell who looks")
  func figuresTellWhoLooks() {
    let service = service()
    for user in 1...3 { connect(service, user: user) }
    #expect(metrics.render().contains("caravan_push_recipients 3"))
    service.closed(ConnectionID(number: 1), .stream, user: .number(1), device: .number(1))
    clock.advance(seconds: 61)
    #expect(metrics.render().contains("caravan_push_leases 2"))
  }
}
