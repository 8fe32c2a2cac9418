// caravan-bench: measures what the README promises, on the real program.

import ArgumentParser
import BenchSupport

@main
struct CaravanBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caravan-bench", abstract: "Measure Caravan: one line of JSON a figure, medians of several runs.",
    discussion: "script/bench builds everything for release and runs it.")

  @Option(help: "Path of the release build of caravan.") var binary: String
  @Option(help: "One of: \(Suite.all.map(\.name).joined(separator: ", ")).") var only: String?
  @Option(help: "How often each is measured.") var runs = 3
  @Option(help: "Streams of the memory figure.") var streams = 10_000

  func validate() throws {
    guard (1...99).contains(runs) else { throw ValidationError("'--runs' must be 1 to 99") }
    guard (1...60_000).contains(streams) else { throw ValidationError("'--streams' must be 1 to 60000") }
    if let only, !Suite.all.contains(where: { $0.name == only }) {
      throw ValidationError("nothing is called '\(only)'")
    }
  }

  func run() async throws {
    OpenFiles.raiseLimit()
    Interruption.watch()
    let settings = BenchSettings(binary: binary, streams: streams)
    for suite in Suite.all where only == nil || suite.name == only {
      var measured: [[Measured]] = []
      for _ in 0..<runs { measured.append(try await suite.measure(settings)) }
      for figure in Figure.medians(of: measured) { print(figure.json) }
    }
  }
}

struct BenchSettings: Sendable {
  let binary: String
  let streams: Int
}

/// Figures that are measured together.
struct Suite: Sendable {
  let name: String
  let measure: @Sendable (BenchSettings) async throws -> [Measured]

  static let all = [
    Suite(name: "start", measure: StartBench.measure),
    Suite(name: "sends", measure: SendBench.measure),
    Suite(name: "delivery", measure: DeliveryBench.measure),
    Suite(name: "streams", measure: StreamBench.measure),
    Suite(name: "history", measure: HistoryBench.measure),
    Suite(name: "aggregator", measure: AggregatorSuite.measure),
    Suite(name: "plan", measure: PlanBench.measure),
  ]
}
