import ChatDomain
import Foundation
import HTTPServer
import Logging
import Metrics
import Synchronization
import TestSupport
import Testing
import _CryptoExtras

@testable import PushFirestore

@Suite("Requests to Google, over real sockets")
struct FirestoreRESTTests {
  /// Answers of a server of our own that stands for Google's, and what it was asked.
  private final class Script: Sendable {
    let answers: Mutex<[(status: Status, body: String)]>
    let authorizations = Recorder<String>()
    let bodies = Recorder<String>()

    init(_ answers: [(Status, String)]) { self.answers = Mutex(answers) }

    func next(_ request: Request) -> Response {
      authorizations.record(request.headers["authorization"] ?? "")
      var body = request.body
      bodies.record(body.readString(length: body.readableBytes) ?? "")
      let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
      return .json(bytes: answer.body.utf8, status: answer.status)
    }
  }

  private func serving(_ script: Script, _ body: (URL) async throws -> Void) async throws {
    var routes = Routes()
    routes.on(.POST, "/token") { script.next($0) }
    routes.on(.POST, "/v1/projects/demo/databases/{database}/{call}") { script.next($0) }
    let server = HTTPServer(
      ServerConfiguration(), routes: routes, metrics: MetricsRegistry(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let port = try await server.start()
    do {
      try await body(try #require(URL(string: "http://127.0.0.1:\(port)")))
    } catch {
      await server.stop(within: .seconds(1))
      throw error
    }
    await server.stop(within: .seconds(1))
  }

  private func documents(_ count: Int) -> [MailboxDocument] {
    (1...count).map { MailboxDocument(publication(aggregate(1, [item("hi")]), to: $0), root: root, cap: 4_096) }
  }

  private func outcome(_ status: Status, _ body: String = "{}") async throws -> String {
    let script = Script([(status, body)])
    var outcome = ""
    try await serving(script) { origin in
      let rest = FirestoreREST(origin: origin, root: root, tokens: EmulatorToken(), connections: 2)
      outcome = "\(await rest.batchWrite(documents(2)))"
    }
    return outcome
  }

  @Test("A request carries the token, and each write has its result")
  func writes() async throws {
    let script = Script([(.ok, #"{"status":[{},{"code":8}]}"#)])
    try await serving(script) { origin in
      let rest = FirestoreREST(origin: origin, root: root, tokens: EmulatorToken(), connections: 2)
      #expect("\(await rest.batchWrite(documents(2)))".hasSuffix(".written, PushFirestore.WriteResult.unavailable])"))
    }
    #expect(script.authorizations.elements == ["Bearer owner"])
    #expect(script.bodies.elements[0].contains("mailboxes/\(UserID.number(2))"))
  }

  @Test("What another try may mend has failed; what it cannot is refused")
  func outcomes() async throws {
    #expect(try await outcome(.tooManyRequests).contains("failed"))
    #expect(try await outcome(.serviceUnavailable).contains("failed"))
    #expect(try await outcome(.badRequest).contains("refused"))
    #expect(try await outcome(.ok, "<html>").contains("failed"))
    // Nobody listens there.
    let rest = FirestoreREST(
      origin: try #require(URL(string: "http://127.0.0.1:9")), root: root, tokens: EmulatorToken(), connections: 1)
    #expect("\(await rest.batchWrite(documents(1)))".contains("failed"))
  }

  @Test("An access token is asked for once, kept until shortly before its end, and shared by those who wait")
  func token() async throws {
    let folder = try TemporaryFolder()
    let script = Script([
      (.ok, #"{"access_token":"t1","expires_in":3600}"#), (.ok, #"{"access_token":"t2","expires_in":3600}"#),
    ])
    try await serving(script) { origin in
      let account: [String: Any] = [
        "project_id": "demo", "client_email": "caravan@demo.example",
        "private_key": try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation,
        "token_uri": origin.absoluteString + "/token",
      ]
      let path = folder.path + "/firebase.json"
      let file: [String: Any] = ["web": ["apiKey": "a", "projectId": "demo"], "service_account": account]
      try JSONSerialization.data(withJSONObject: file).write(to: URL(fileURLWithPath: path))
      let clock = SteppingClock()
      let tokens = ServiceAccountToken(try FirebaseFile(path: path).account) { Double(clock.now) / 1e6 }
      async let first = tokens.token()
      async let second = tokens.token()
      #expect(try await [first, second] == ["t1", "t1"])
      #expect(script.bodies.elements.count == 1)
      #expect(
        script.bodies.elements[0].contains(
          "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=ey"))
      clock.advance(by: 3_299 * 1_000_000)
      #expect(try await tokens.token() == "t1")
      clock.advance(by: 2 * 1_000_000)
      #expect(try await tokens.token() == "t2")
      await tokens.forget()
      #expect(try await tokens.token() == "t2")
      #expect(script.bodies.elements.count == 3)
    }
  }

  @Test("A token service that refuses gives an error without a secret")
  func noToken() async throws {
    let folder = try TemporaryFolder()
    let script = Script([(.badRequest, #"{"error":"invalid_grant"}"#)])
    try await serving(script) { origin in
      let account: [String: Any] = [
        "project_id": "demo", "client_email": "c@demo.example",
        "private_key": try _RSA.Signing.PrivateKey(keySize: .bits2048).pemRepresentation,
        "token_uri": origin.absoluteString + "/token",
      ]
      let path = folder.path + "/firebase.json"
      let file: [String: Any] = ["web": ["apiKey": "a", "projectId": "demo"], "service_account": account]
      try JSONSerialization.data(withJSONObject: file).write(to: URL(fileURLWithPath: path))
      let tokens = ServiceAccountToken(try FirebaseFile(path: path).account)
      await #expect(throws: FirebaseError.self) { try await tokens.token() }
    }
  }
}
