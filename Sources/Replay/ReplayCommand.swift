import ArgumentParser
import LoadClient
import NIOPosix
import Traces

/// `caravan replay trace.csv --speed 60`.
public struct ReplayCommand: AsyncParsableCommand {
  public static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a trace of real chats against a server, and check that every client got everything.",
    discussion: """
      Makes users and chats of its own and leaves them behind. A server that limits registrations needs \
      '--limits off', which it takes on a loopback address only.
      """)

  @Argument(help: "A file of lines time_ms,chat,sender,size; .gz is unpacked, - is standard input.")
  var trace: String
  @Option(help: "How many times faster than it was.") var speed = 1.0
  @Option(help: "Cut times in which nobody says anything to so many seconds of the trace.") var longestPause: Int64?
  @Option(help: "Where the server is.") var url = "http://127.0.0.1:3000"
  @Option(help: "How many messages to play, from the first on.") var limit: Int?
  @Option(help: "Log-ins at a time.") var logins = 8
  @Option(help: "Of the lengths that the trace does not know.") var seed: UInt64 = 1
  @Flag(help: "Print one line of JSON.") var json = false

  public init() {}

  public func validate() throws {
    guard speed > 0, speed.isFinite else { throw ValidationError("'--speed' must be above 0") }
    if let longestPause, !(1...10_000_000).contains(longestPause) {
      throw ValidationError("'--longest-pause' must be 1 to 10000000")
    }
    guard limit ?? 1 > 0 else { throw ValidationError("'--limit' must be at least 1") }
    guard (1...256).contains(logins) else { throw ValidationError("'--logins' must be 1 to 256") }
  }

  public func run() async throws {
    let endpoint = try Endpoint(url: url)
    let plan = ReplayPlan(
      try TraceFile(trace).messages(limit: limit ?? .max), seed: seed,
      longestPause: longestPause.map { $0 * 1_000 } ?? .max)
    let pool = HTTPPool(endpoint, on: MultiThreadedEventLoopGroup.singleton, connections: 64)
    defer { pool.close() }
    var run = ReplayRun(plan: plan, speed: speed, api: APIClient(pool), progress: ProgressBar(isWanted: true))
    run.logins = logins
    let report = try await run.run()
    print(json ? report.json : report.text)
    if !report.isComplete { throw ExitCode.failure }
  }
}
