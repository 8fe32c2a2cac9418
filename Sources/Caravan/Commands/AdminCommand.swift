import ArgumentParser
import AuthService
import Metrics
import UserStoreSQLite

struct AdminCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admin", abstract: "Help a user: what only the operator may do.",
    subcommands: [ResetPasswordCommand.self, GrantCommand.self, RevokeCommand.self])
}

struct ResetPasswordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset-password",
    abstract: "Give a user a new random password and end all their sessions.",
    discussion: "Works while the server runs, too. The password is printed once, and nowhere kept.")

  @OptionGroup var options: DataOptions
  @Argument(help: "Their username.") var user: String

  func run() async throws {
    let folder = try DataFolder(existing: options.data)
    let stores = try await Stores(folder: folder)
    let hasher = try PasswordHasher(Argon2Parameters(), threads: 1, queue: 1, metrics: MetricsRegistry())
    let password = try await AdminAccounts(users: stores.users, hasher: hasher).resetPassword(username: user)
    await stores.database.close()
    guard let password else { throw ValidationError("there is no user '\(user)' in \(options.data)") }
    print(password)
  }
}

struct GrantCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Make a user an admin, who may see the bill.",
    discussion: "Works while the server runs, too, and holds from the next request on.")

  @OptionGroup var options: DataOptions
  @Argument(help: "Their username.") var user: String

  func run() async throws { try await AdminCommand.set(true, user, options) }
}

struct RevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Make a user no admin any more.")

  @OptionGroup var options: DataOptions
  @Argument(help: "Their username.") var user: String

  func run() async throws { try await AdminCommand.set(false, user, options) }
}

extension AdminCommand {
  fileprivate static func set(_ isAdmin: Bool, _ user: String, _ options: DataOptions) async throws {
    let folder = try DataFolder(existing: options.data)
    let stores = try await Stores(folder: folder)
    let hasher = try PasswordHasher(Argon2Parameters(), threads: 1, queue: 1, metrics: MetricsRegistry())
    let isKnown = try await AdminAccounts(users: stores.users, hasher: hasher).setAdmin(username: user, isAdmin)
    await stores.database.close()
    guard isKnown else { throw ValidationError("there is no user '\(user)' in \(options.data)") }
    print(isAdmin ? "\(user) is an admin now." : "\(user) is no admin any more.")
  }
}
