import Foundation

/// The file that `--firebase` names: what the web app may know, and the service account.
///
/// `{"web": {…Firebase's web configuration…}, "service_account": {…its key file…} or "path", "emulators": {"firestore": "host:port", "auth":
/// "host:port"}}`. With the Firestore emulator the service account may be left out; custom tokens are then signed by a key made at start,
/// which the Auth emulator accepts, as it verifies none.
public struct FirebaseFile: Sendable {
  /// What the Firebase SDK needs in the browser. Public by nature: it names a project, it opens nothing.
  public struct WebConfiguration: Codable, Sendable, Hashable {
    public let apiKey: String
    public let projectId: String
    public var authDomain: String?
    public var appId: String?
  }

  public struct Emulators: Codable, Sendable, Hashable {
    /// `host:port`
    public var firestore: String?
    public var auth: String?
  }

  private struct Contents: Decodable {
    let web: WebConfiguration
    var service_account: Account?
    var database: String?
    var emulators: Emulators?
  }

  /// The key file itself, or its path.
  private enum Account: Decodable {
    case key(ServiceAccount.KeyFile)
    case path(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let path = try? container.decode(String.self) {
        self = .path(path)
      } else {
        self = .key(try container.decode(ServiceAccount.KeyFile.self))
      }
    }
  }

  public let web: WebConfiguration
  public let emulators: Emulators
  public let account: ServiceAccount
  /// Firestore's name for the database.
  public let database: String

  /// - Throws: `FirebaseError`.
  public init(path: String) throws {
    let contents = try FirebaseFile.decode(Contents.self, path: path)
    web = contents.web
    emulators = contents.emulators ?? Emulators()
    database = contents.database ?? "(default)"
    switch contents.service_account {
    case .key(let file)?: account = try ServiceAccount(file)
    case .path(let other)?:
      let base = URL(fileURLWithPath: path).deletingLastPathComponent()
      let file = URL(fileURLWithPath: other, relativeTo: base).path
      account = try ServiceAccount(try FirebaseFile.decode(ServiceAccount.KeyFile.self, path: file))
    case nil:
      guard emulators.firestore != nil else {
        throw FirebaseError(.badFile, "\(path): 'service_account' is missing; only with emulators it may be")
      }
      account = try ServiceAccount(madeFor: web.projectId)
    }
    firestoreOrigin = try FirebaseFile.origin(emulators.firestore, or: "https://firestore.googleapis.com", path: path)
    _ = try FirebaseFile.origin(emulators.auth, or: "https://identitytoolkit.googleapis.com", path: path)
    guard account.projectID == web.projectId else {
      throw FirebaseError(
        .badFile,
        "\(path): the web configuration is of project '\(web.projectId)', the service account of '\(account.projectID)'"
      )
    }
  }

  /// `projects/{project}/databases/{database}/documents`
  public var documents: String { "projects/\(web.projectId)/databases/\(database)/documents" }

  /// Where Firestore's REST interface is.
  public let firestoreOrigin: URL

  private static func origin(_ emulator: String?, or service: String, path: String) throws -> URL {
    let text = emulator.map { "http://\($0)" } ?? service
    guard let url = URL(string: text), url.host != nil, url.path.isEmpty else {
      throw FirebaseError(.badFile, "\(path): '\(emulator ?? service)' is no host and port")
    }
    return url
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, path: String) throws -> Value {
    guard let data = FileManager.default.contents(atPath: path), data.count <= 64 * 1_024 else {
      throw FirebaseError(.badFile, "\(path) cannot be read")
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch DecodingError.keyNotFound(let key, _) {
      throw FirebaseError(.badFile, "\(path): '\(key.stringValue)' is missing")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      let field = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw FirebaseError(.badFile, "\(path): '\(field)' is of the wrong type")
    } catch {
      throw FirebaseError(.badFile, "\(path) is no JSON")
    }
  }
}

extension FirebaseFile {
  /// What the web app is told.
  public struct BrowserConfiguration: Encodable, Sendable {
    let web: WebConfiguration
    let database: String
    let emulators: Emulators
  }

  public var browserConfiguration: BrowserConfiguration {
    BrowserConfiguration(web: web, database: database, emulators: emulators)
  }

  /// Origins that the Firebase SDK calls from a page: Firestore, and the exchange and renewal of tokens.
  public var browserOrigins: [String] {
    let firestore = emulators.firestore.map { ["http://\($0)"] } ?? ["https://firestore.googleapis.com"]
    let auth =
      emulators.auth.map { ["http://\($0)"] }
      ?? ["https://identitytoolkit.googleapis.com", "https://securetoken.googleapis.com"]
    return firestore + auth
  }
}
