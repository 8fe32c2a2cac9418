// caravan-crash: kills a server again and again while people chat, and counts what is lost.

import ArgumentParser
import BenchSupport

@main
struct CaravanCrash: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caravan-crash",
    abstract: "Kill -9 a server at random moments under load; then look for lost and doubled messages.",
    discussion: """
      A killed process loses what it holds in memory and not what the kernel holds: this proves the order of commits, \
      answers and pushes, not the disk.
      """)

  @Option(help: "Path of caravan.") var binary: String
  @Option(help: "How often the server is killed.") var kills = 50
  @Option(help: "Sends a second, by all clients together.") var rate = 200
  @Option(help: "Clients; each has a stream.") var clients = 8
  @Option(help: "Of the moments of the kills; nil: drawn and printed.") var seed: UInt64?
  @Flag(help: "Print nothing but the line of JSON.") var json = false

  func validate() throws {
    guard (1...100_000).contains(kills) else { throw ValidationError("'--kills' must be 1 to 100000") }
    guard (1...100_000).contains(rate) else { throw ValidationError("'--rate' must be 1 to 100000") }
    guard (2...64).contains(clients), clients % 2 == 0 else {
      throw ValidationError("'--clients' must be an even number, 2 to 64")
    }
  }

  func run() async throws {
    OpenFiles.raiseLimit()
    Interruption.watch()
    let seed = seed ?? UInt64.random(in: 0..<1 << 32)
    let run = CrashRun(binary: binary, kills: kills, rate: rate, clients: clients, seed: seed)
    let report = try await run.run()
    if !json { print(report.text) }
    print(report.json)
    if !report.isComplete { throw ExitCode.failure }
  }
}
