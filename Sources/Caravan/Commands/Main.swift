// Caravan: the program. Its commands, its settings, and the assembly: the only place that names adapters.

import ArgumentParser
import FoundationEssentials
import Replay

@main
enum Main {
  static func main() async {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      let names: [Setting] =
        switch arguments.first {
        case "serve", "check-config": Setting.all
        case "migrate", "admin": [.data]
        default: []
        }
      let expanded = try SettingSources.expand(
        arguments, names: names, environment: ProcessInfo.processInfo.environment)
      await CaravanCommand.main(expanded)
    } catch {
      CaravanCommand.exit(withError: ValidationError("\(error)"))
    }
  }
}

struct CaravanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caravan",
    abstract: "A chat backend for apps: one program, its own stores, live updates.",
    discussion: "Start with 'caravan serve' and open http://localhost:3000.",
    version: Version.current,
    subcommands: [
      ServeCommand.self, CheckConfigCommand.self, MigrateCommand.self, AdminCommand.self, VersionCommand.self,
      DocumentationCommand.self, ReplayCommand.self, PlanCommand.self,
    ])
}

enum Version {
  static let current = "0.1.0"
}
