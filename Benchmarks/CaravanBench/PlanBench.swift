import BenchSupport
import ChatDomain
import Foundation
import NIOCore

/// How long `caravan plan` takes over a quarter of a million messages, all its policies, from start to exit.
enum PlanBench {
  static let messages = 250_000

  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    let folder = try TemporaryData()
    let path = folder.path + "/traffic.csv"
    try Data(traffic().utf8).write(to: URL(fileURLWithPath: path))
    let plan = Process()
    plan.executableURL = URL(fileURLWithPath: settings.binary)
    plan.arguments = ["plan", path, "--json"]
    plan.standardOutput = FileHandle.nullDevice
    let start = NIODeadline.now()
    try plan.run()
    plan.waitUntilExit()
    let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
    guard plan.terminationStatus == 0 else { throw BenchError("plan ended with \(plan.terminationStatus)") }
    return [Measured("plan_\(messages)_messages", seconds, "s", goal: "< 2")]
  }

  /// Two people in each of 2,000 chats, who write at random.
  private static func traffic() -> String {
    var random = SeededGenerator(seed: 1)
    var time = 1_700_000_000_000
    var text = "time_ms,chat,sender,size\n"
    for _ in 0..<messages {
      time += Int(random.below(400))
      let chat = Int(random.below(2_000))
      text += "\(time),\(chat),\(chat * 2 + Int(random.below(2))),\(20 + Int(random.below(80)))\n"
    }
    return text
  }
}
