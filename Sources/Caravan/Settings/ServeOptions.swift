import Aggregation
import ArgumentParser
import Billing
import HTTPServer
import Logging

/// The settings of `caravan serve`.
struct ServeOptions: ParsableArguments {
  @Option(name: .of(.data), help: .of(.data)) var data = "./caravan-data"
  @Option(name: .of(.host), help: .of(.host)) var host = "127.0.0.1"
  @Option(name: .of(.port), help: .of(.port)) var port = 3000
  @Option(name: .of(.publicURL), help: .of(.publicURL)) var publicURL = "caravan"
  @Option(name: .of(.web), help: .of(.web)) var web: String?
  @Option(name: .of(.limits), help: .of(.limits)) var limits = Toggle.on
  @Option(name: .of(.sendsPerSecond), help: .of(.sendsPerSecond)) var sendsPerSecond = 5
  @Option(name: .of(.sendBurst), help: .of(.sendBurst)) var sendBurst = 20
  @Option(name: .of(.newChatsPerDay), help: .of(.newChatsPerDay)) var newChatsPerDay = 20
  @Option(name: .of(.registrationsPerHour), help: .of(.registrationsPerHour)) var registrationsPerHour = 5
  @Option(name: .of(.loginFailures), help: .of(.loginFailures)) var loginFailures = 10
  @Option(name: .of(.streamWindow), help: .of(.streamWindow), transform: ServeOptions.window) var streamWindow =
    WindowPolicy.zero
  @Option(name: .of(.leaseSeconds), help: .of(.leaseSeconds)) var leaseSeconds = 60
  @Option(name: .of(.firebase), help: .of(.firebase)) var firebase: String?
  @Option(name: .of(.mailboxWindow), help: .of(.mailboxWindow), transform: ServeOptions.windows) var mailboxWindow =
    Windows.economical
  @Option(name: .of(.budget), help: .of(.budget), transform: ServeOptions.money) var budget: Budget?
  @Option(name: .of(.prices), help: .of(.prices), transform: PriceFile.book) var prices = PriceBook.nam5
  @Option(name: .of(.freeQuota), help: .of(.freeQuota)) var freeQuota = Toggle.off
  @Option(name: .of(.trustedProxies), help: .of(.trustedProxies), transform: ServeOptions.blocks) var trustedProxies:
    [AddressBlock] = []
  @Option(name: .of(.allowedOrigins), help: .of(.allowedOrigins), transform: ServeOptions.list) var allowedOrigins:
    [String] = []
  @Option(name: .of(.maxConnections), help: .of(.maxConnections)) var maxConnections = 16_000
  @Option(name: .of(.threads), help: .of(.threads)) var threads: Int?
  @Option(name: .of(.logLevel), help: .of(.logLevel)) var logLevel = LogLevel.info

  enum Toggle: String, ExpressibleByArgument, CaseIterable {
    case on, off
  }

  enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug, info, warning, error

    var level: Logger.Level {
      switch self {
      case .debug: .debug
      case .info: .info
      case .warning: .warning
      case .error: .error
      }
    }
  }

  func validate() throws {
    try check(.port, port, 0...65_535)
    try check(.sendsPerSecond, sendsPerSecond, 1...100_000)
    try check(.sendBurst, sendBurst, 1...100_000)
    try check(.newChatsPerDay, newChatsPerDay, 1...100_000)
    try check(.registrationsPerHour, registrationsPerHour, 1...100_000)
    try check(.loginFailures, loginFailures, 1...100_000)
    try check(.leaseSeconds, leaseSeconds, 5...3_600)
    try check(.maxConnections, maxConnections, 10...1_000_000)
    if let threads { try check(.threads, threads, 1...256) }
    if limits == .off, !ServeOptions.isLoopback(host) {
      throw ValidationError("'--limits off' is for tests: it needs a loopback address, and --host is \(host)")
    }
    if let bad = allowedOrigins.first(where: { !$0.hasPrefix("http://") && !$0.hasPrefix("https://") }) {
      throw ValidationError("'\(bad)' is no origin; it reads like https://chat.example.org")
    }
  }

  private func check(_ setting: Setting, _ value: Int, _ range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw ValidationError("'--\(setting.name)' must be \(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// The leases of every channel.
  var leaseTerms: LeaseTerms {
    limits == .off
      ? LeaseTerms(duration: .seconds(leaseSeconds), devices: 100_000, spacing: .zero)
      : LeaseTerms(duration: .seconds(leaseSeconds))
  }

  static func isLoopback(_ host: String) -> Bool {
    host == "localhost" || host == "::1" || host.hasPrefix("127.")
  }

  @Sendable private static func window(_ text: String) throws -> WindowPolicy {
    guard let policy = WindowPolicy(text) else {
      throw ValidationError("'\(text)' is no window: zero, leading:1s, fixed:3s or idle:3s")
    }
    return policy
  }

  @Sendable private static func windows(_ text: String) throws -> Windows {
    if text == "economical" { return .economical }
    let window = try window(text)
    return Windows(viewing: window, elsewhere: window)
  }

  @Sendable private static func money(_ text: String) throws -> Budget {
    guard let budget = Budget(text) else {
      throw ValidationError("'\(text)' is no budget; it reads like 1.50/day")
    }
    return budget
  }

  @Sendable private static func blocks(_ text: String) throws -> [AddressBlock] {
    try list(text).map { part in
      guard let block = AddressBlock(part) else {
        throw ValidationError("'\(part)' is no address or block of addresses")
      }
      return block
    }
  }

  @Sendable private static func list(_ text: String) -> [String] {
    text.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) }
  }
}

extension NameSpecification {
  static func of(_ setting: Setting) -> NameSpecification { .customLong(setting.name) }
}

extension ArgumentHelp {
  static func of(_ setting: Setting) -> ArgumentHelp { ArgumentHelp("\(setting.summary)", valueName: setting.value) }
}
