import Aggregation
import AuthService
import BillingService
import ChatDomain
import FoundationEssentials
import HTTPServer
import Logging
import Metrics
import PushFirestore
import PushService

/// Firebase put together, as its file says: the mailbox channel, custom tokens, and what the web app must know.
struct Firestore: Sendable {
  let channel: FirestoreChannel
  let tokens: FirebaseTokenMint
  private let file: FirebaseFile

  init(
    path: String, account: some WriteAccount, runner: any SerialRunner, metrics: MetricsRegistry, logger: Logger
  ) throws {
    file = try FirebaseFile(path: path)
    let settings = FirestoreSettings(root: file.documents)
    let bearer: any AccessTokenSource =
      file.emulators.firestore == nil ? ServiceAccountToken(file.account) : EmulatorToken()
    channel = FirestoreChannel(
      settings: settings,
      transport: FirestoreREST(
        origin: file.firestoreOrigin, root: file.documents, tokens: bearer, connections: settings.concurrentRequests),
      account: account, runner: runner, metrics: metrics, logger: logger)
    let minter = CustomTokens(file.account)
    tokens = FirebaseTokenMint(lifetime: CustomTokens.lifetime) { try minter.mint(for: $0, now: $1) }
  }

  /// The outlet of the mailboxes.
  static func outlet(_ options: ServeOptions) -> OutletSettings {
    var outlet = OutletSettings.mailbox
    outlet.windows = options.mailboxWindow
    outlet.terms = options.leaseTerms
    return outlet
  }

  /// Origins that the web app calls.
  var connectSources: [String] { file.browserOrigins }

  /// `GET /app/config.json`: what a web app has to know before it logs in.
  static func addConfiguration(of firestore: Firestore?, to routes: inout Routes) throws {
    let body = try JSONEncoder().encode(Configuration(firebase: firestore?.file.browserConfiguration))
    routes.on(.GET, "/app/config.json") { _ in .json(bytes: body, headers: ["Cache-Control": "no-cache"]) }
  }

  private struct Configuration: Encodable {
    let firebase: FirebaseFile.BrowserConfiguration?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(firebase, forKey: .firebase)
    }

    private enum Key: String, CodingKey { case firebase }
  }
}
