import ChatDomain
import Foundation
import HTTPServer
import Logging
import Metrics
import SQLiteEngine
import Synchronization
import TestSupport
import Testing
import UserStoreSQLite

@testable import AuthService

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
  private let milliseconds: Mutex<Int64>

  init(_ milliseconds: Int64 = 1_800_000_000_000) { self.milliseconds = Mutex(milliseconds) }

  func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1_000 } }

  var clock: AuthClock {
    AuthClock(
      now: { Timestamp(milliseconds: self.milliseconds.withLock { $0 }) },
      monotonic: { UInt64(self.milliseconds.withLock { $0 }) * 1_000_000 })
  }
}

/// An auth role on a port of its own, and a client for it.
final class AuthFixture: Sendable {
  let service: AuthService
  let store: (any UserStore)
  let memory: MemoryUserStore?
  let clock = TestClock()
  let metrics = MetricsRegistry()
  private let port: Int
  private let server: HTTPServer
  private let folder: TemporaryFolder

  static var settings: AuthSettings {
    var settings = AuthSettings(issuer: "https://chat.example")
    settings.argon2 = Argon2Parameters(passes: 1, memory: 8 * 1024 * 1024)
    settings.hashQueue = 1_000
    settings.limits.registrationsPerHour = 1_000
    return settings
  }

  init(_ settings: AuthSettings = AuthFixture.settings, inMemory: Bool = false) async throws {
    folder = try TemporaryFolder()
    let sessions: any SessionStore
    if inMemory {
      let memory = MemoryUserStore()
      store = memory
      self.memory = memory
      sessions = MemorySessionStore(memory)
    } else {
      let database = try SQLiteDatabase(path: folder.path + "/users.db")
      try await database.migrate(module: "users", SQLiteUserStore.migrations)
      store = SQLiteUserStore(database)
      memory = nil
      sessions = SQLiteSessionStore(database)
    }
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    service = try AuthService(
      settings, users: store, sessions: sessions, keys: SigningKeys(), metrics: metrics, logger: logger,
      clock: clock.clock)
    var routes = Routes()
    service.addRoutes(to: &routes)
    var configuration = ServerConfiguration()
    configuration.threads = 1
    // Tests speak for several addresses.
    configuration.trustedProxies = TrustedProxies([try #require(AddressBlock("127.0.0.1"))])
    server = HTTPServer(configuration, routes: routes, metrics: metrics, logger: logger)
    port = try await server.start()
  }

  func stop() async { await server.stop(within: .seconds(2)) }

  struct Reply: Sendable {
    let status: Int
    let headers: [String: String]
    let text: String

    var json: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any] ?? [:]
    }

    subscript(field: String) -> String? { json[field] as? String }

    /// The code of a problem.
    var problem: String? { (json["type"] as? String)?.split(separator: "/").last.map(String.init) }
  }

  func call(
    _ method: String, _ path: String, _ body: String? = nil, token: String? = nil, from address: String = "192.0.2.1"
  ) async throws -> Reply {
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
    request.httpMethod = method
    request.httpBody = body.map { Data($0.utf8) }
    if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
    request.setValue(address, forHTTPHeaderField: "X-Forwarded-For")
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    let (data, response) = try await URLSession.shared.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    var headers: [String: String] = [:]
    for (name, value) in answer.allHeaderFields {
      if let name = name as? String, let value = value as? String { headers[name.lowercased()] = value }
    }
    return Reply(status: answer.statusCode, headers: headers, text: String(decoding: data, as: UTF8.self))
  }

  @discardableResult
  func register(_ name: String, password: String = "correct horse", display: String? = nil) async throws -> Reply {
    let extra = display.map { #","display_name":"\#($0)""# } ?? ""
    return try await call("POST", "/users", #"{"username":"\#(name)","password":"\#(password)"\#(extra)}"#)
  }

  func logIn(_ name: String, password: String = "correct horse", from address: String = "192.0.2.1") async throws
    -> Reply
  {
    try await call("POST", "/login", #"{"username":"\#(name)","password":"\#(password)"}"#, from: address)
  }

  func refresh(_ token: String) async throws -> Reply {
    try await call("POST", "/token", #"{"refresh_token":"\#(token)"}"#)
  }

  /// Runs `body` against a fresh role and stops it.
  static func run(
    _ settings: AuthSettings = AuthFixture.settings, inMemory: Bool = false,
    _ body: (AuthFixture) async throws -> Void
  ) async throws {
    let fixture = try await AuthFixture(settings, inMemory: inMemory)
    do {
      try await body(fixture)
      await fixture.stop()
    } catch {
      await fixture.stop()
      throw error
    }
  }
}
