import ArgumentParser

struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() {
    print("caravan \(Version.current)")
  }
}

struct DocumentationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "documentation", abstract: "Print docs/configuration.md.", shouldDisplay: false)

  func run() {
    print(Documentation.configuration, terminator: "")
  }
}
