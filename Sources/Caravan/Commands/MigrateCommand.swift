import ArgumentParser
import ChatDomain

/// The one option of commands that work on a data folder.
struct DataOptions: ParsableArguments {
  @Option(name: .of(.data), help: .of(.data)) var data = "./caravan-data"
}

struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring the database to this version of the program.",
    discussion: "'serve' does the same when it starts. The server must be stopped.")

  @OptionGroup var options: DataOptions

  func run() async throws {
    let folder = try DataFolder(path: options.data)
    let stores = try await Stores(folder: folder)
    print(stores.applied == 0 ? "Nothing to do: the database is up to date." : "Applied \(stores.applied) steps.")
    await stores.database.close()
  }
}
