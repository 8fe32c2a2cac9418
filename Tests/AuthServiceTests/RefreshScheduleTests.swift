import ChatDomain
import Testing

/// Random schedules of clients, a network that loses and delays, and a thief, against the rule alone.
@Suite("Refresh schedules")
struct RefreshScheduleTests {
  /// SplitMix64, so that a seed says it all.
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
      return word ^ word >> 31
    }
  }

  /// The server: one family, and the names of its tokens.
  struct Server {
    private(set) var family: RefreshFamily?
    private var made = 0

    init() { family = RefreshFamily(first: Server.hash(0), now: Timestamp(milliseconds: 0)) }

    static func hash(_ token: Int) -> TokenHash { TokenHash(of: Array("\(token)".utf8)) }

    /// The successor; nil if the session is over.
    mutating func refresh(_ token: Int, at time: Int64) -> Int? {
      guard var present = family else { return nil }
      made += 1
      switch present.present(Server.hash(token), successor: Server.hash(made), now: Timestamp(milliseconds: time)) {
      case .rotated:
        family = present
        return made
      case .reused, .expired:
        family = nil
        return nil
      }
    }
  }

  @Test("An honest client with two tabs on a bad network is never logged out", arguments: 0..<300)
  func honest(seed: UInt64) throws {
    var generator = Generator(state: seed)
    var server = Server()
    var held = 0
    var time: Int64 = 0
    for round in 0..<60 {
      // The access token is about to end; each tab asks, and asks again after ten seconds, until one answer is kept. A network that lets nothing
      // through for fifty seconds is no subject of this promise.
      let start = time + Int64.random(in: 120_000...900_000, using: &generator)
      let sent = held
      var events: [(time: Int64, isArrival: Bool)] = []
      for attempt in 0..<5 {
        for _ in 0..<Int.random(in: 1...2, using: &generator) {
          let isLost = attempt < 4 && Double.random(in: 0..<1, using: &generator) < 0.5
          let isAnswerLost = attempt < 4 && Double.random(in: 0..<1, using: &generator) < 0.5
          if isLost { continue }
          let delay = Int64.random(in: 1...9_000, using: &generator)
          events.append((start + Int64(attempt) * 10_000 + delay, !isAnswerLost))
        }
      }
      // All of them reach the server, also those that the client has given up; answers arrive in any order.
      var answers: [Int] = []
      for event in events.sorted(by: { $0.time < $1.time }) {
        let answer = server.refresh(sent, at: event.time)
        let successor = try #require(answer, "seed \(seed), round \(round)")
        if event.isArrival { answers.append(successor) }
        time = event.time
      }
      // The client keeps the first answer it sees, because the second finds another token than the one it was sent with.
      held = try #require(answers.randomElement(using: &generator))
    }
  }

  @Test("A thief and the owner cannot both go on", arguments: 0..<2_000)
  func thief(seed: UInt64) {
    var generator = Generator(state: seed)
    var server = Server()
    var held = 0
    var time: Int64 = 0
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      time += 900_000
      held = server.refresh(held, at: time) ?? held
    }
    // The thief copies what the owner holds, perhaps just when it is being used.
    let stolen = held
    var tokens = [held, held]
    var wentOn: Set<Int> = []
    var tried: Set<Int> = []
    for _ in 0..<30 {
      time +=
        Bool.random(using: &generator)
        ? Int64.random(in: 1...30_000, using: &generator) : Int64.random(in: 1...900_000, using: &generator)
      let who = Int.random(in: 0...1, using: &generator)
      // Now and then an answer is lost, and the same token is presented again.
      let isKept = Double.random(in: 0..<1, using: &generator) < 0.8
      let token = tokens[who]
      if token != stolen { tried.insert(who) }
      guard let successor = server.refresh(token, at: time) else { break }
      if token != stolen { wentOn.insert(who) }
      if isKept { tokens[who] = successor }
    }
    #expect(wentOn.count <= 1, "seed \(seed)")
    // As soon as both have tried, the session is over for both.
    if tried.count == 2 { #expect(server.family == nil, "seed \(seed)") }
  }
}
