import ArgumentParser
import Billing
import Replay
import Traces

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Compute what a chat's traffic would cost on Firestore, before using it.",
    discussion: """
      Replays who sent what when through the code that decides what Caravan writes, in virtual time, and compares it with other \
      designs: documents read, written and deleted, dollars, and how long messages are held back. It needs no server and no account.

      The traffic is a file of lines time_ms,chat,sender,size below a header of those names, sorted by time: milliseconds since 1970, numbers \
      that name the chat and the sender, and the bytes of the text (0 if you do not know). It holds no texts and no names.

      A trace does not say who looks at the screen. It is assumed that somebody looks at a chat for some time before and after each \
      message that they send in it; --looking-before and --looking-after change how long. docs/cost.md explains the model and its limits.

      Policies: google (the chat of Google's billing example), naive (a document per message), classic (3s of silence or 10 messages, per chat and \
      sender), fixed:3s, idle:3s and leading:3s (a window per chat; per chat and sender with /sender at the end), caravan, and \
      caravan=VIEWING,ELSEWHERE with windows of your own, as in caravan=leading:2s,fixed:30s.

      Examples:
        caravan plan traffic.csv
        caravan plan traffic.csv.gz --prices us-central1 --per-day 1000000
        zcat traffic.csv.gz | caravan plan - --policy naive --policy caravan=leading:3s,fixed:30s --json
      """)

  /// More does not fit into the memory of a small machine.
  private static let mostMessages = 20_000_000

  @Argument(help: "The traffic; gzipped or not, - is standard input.") var traffic: String
  @Option(help: "nam5, us-central1, or a file with other prices (docs/cost.md).") var prices = "nam5"
  @Option(
    name: .customLong("policy"),
    help: "What to compare; may be given more than once. (default: all of the named, and fixed:3s, leading:3s)",
    transform: PlanCommand.policy)
  var policies: [PlannedPolicy] = []
  @Option(help: ArgumentHelp("How long somebody looks before they send.", valueName: "seconds")) var lookingBefore = 30
  @Option(help: ArgumentHelp("How long somebody looks after they sent.", valueName: "seconds")) var lookingAfter = 60
  @Option(
    help: ArgumentHelp(
      "How long Caravan's app goes on listening when nobody looks: the next look then needs no read to attach.",
      valueName: "seconds"))
  var stayAttached = 0
  @Option(
    help: ArgumentHelp(
      "Also the bill of a month with so many messages a day, less what is free.", valueName: "messages"))
  var perDay: Int64?
  @Option(
    help: ArgumentHelp(
      "For times in whole seconds: add 0 to 999 ms to each message, at random by this seed, keeping the order in a chat.",
      valueName: "seed"))
  var dither: UInt64?
  @Flag(help: "Print one JSON object.") var json = false

  func validate() throws {
    guard (0...86_400).contains(lookingBefore), (0...86_400).contains(lookingAfter) else {
      throw ValidationError("'--looking-before' and '--looking-after' must be 0 to 86400")
    }
    guard (0...86_400).contains(stayAttached) else { throw ValidationError("'--stay-attached' must be 0 to 86400") }
    if let perDay, !(1...1_000_000_000_000).contains(perDay) {
      throw ValidationError("'--per-day' must be 1 to 1000000000000")
    }
  }

  func run() throws {
    let book = try PriceFile.book(prices)
    let bar = ProgressBar(isWanted: true)
    defer { bar.clear() }
    var read = Traffic()
    do {
      try TraceFile(traffic).read(mustBeSorted: true, progress: { if $1 > 0 { bar.show("reading", $0, of: $1) } }) {
        message in
        read.add(time: message.time, chat: message.chat, sender: message.sender, size: message.size)
        return read.messageCount < PlanCommand.mostMessages
      }
    } catch {
      throw ValidationError("\(error)")
    }
    guard read.messageCount > 0 else { throw ValidationError("\(traffic) holds no message") }
    if read.messageCount == PlanCommand.mostMessages {
      throw ValidationError("\(traffic) holds \(PlanCommand.mostMessages) messages or more: take a part of it")
    }
    let replay = TrafficReplay(
      dither.map { read.dithered(seed: $0) } ?? read,
      rule: LookingRule(
        beforeSending: Int64(lookingBefore) * 1_000, afterSending: Int64(lookingAfter) * 1_000,
        stayingAttached: Int64(stayAttached) * 1_000))
    let outcomes = (policies.isEmpty ? PlannedPolicy.usual : policies).map { policy in
      replay.run(policy) { bar.show("\(policy)", $0, of: read.messageCount) }
    }
    bar.clear()
    let report = PlanReport(replay, outcomes, prices: book, perDay: perDay, dither: dither)
    print(json ? report.json : report.table)
  }

  @Sendable private static func policy(_ text: String) throws -> PlannedPolicy {
    guard let policy = PlannedPolicy(text) else {
      throw ValidationError(
        "'\(text)' is no policy: google, naive, classic, fixed:3s, idle:3s, leading:3s, each with /sender, caravan, "
          + "caravan=leading:1s,fixed:10s")
    }
    return policy
  }
}
