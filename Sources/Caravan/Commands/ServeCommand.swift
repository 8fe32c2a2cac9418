import ArgumentParser
import Logging
import PushFirestore

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve users, chats, live updates and the web app from this process.",
    discussion: """
      Keeps everything in one folder (--data) and needs no other service. Every setting can also be given as a variable, such as \
      CARAVAN_PORT=8080, or as a line 'port = 8080' of the file that --config FILE names.

      Stops on SIGTERM or SIGINT: accepted messages are on disk, streams are told to reconnect, and the exit code is 0.
      """)

  @OptionGroup var options: ServeOptions

  func run() async throws {
    let logger = JSONLogHandler.bootstrap(level: options.logLevel.level)
    do {
      let assembly = try await Assembly(options, logger: logger)
      try await assembly.run()
    } catch {
      logger.error("cannot serve", metadata: ["reason": "\(error)"])
      throw ExitCode.failure
    }
  }
}

struct CheckConfigCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-config", abstract: "Check the settings of 'serve' without starting anything.")

  @OptionGroup var options: ServeOptions

  func run() async throws {
    let web = WebApp.folder(options.web)
    let firebase = try options.firebase.map { try FirebaseFile(path: $0) }
    print(
      """
      The settings are fine.
        data      \(options.data)
        listens   \(options.host):\(options.port)
        web app   \(web ?? "none")
        limits    \(options.limits.rawValue)
        firebase  \(firebase.map { "project \($0.web.projectId)" } ?? "none")
        budget    \(options.budget.map { "\($0)" } ?? "none")
      """)
  }
}
