import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Where the bearer token of Firestore's requests comes from.
public protocol AccessTokenSource: Sendable {
  /// - Throws: `FirebaseError.noToken`.
  func token() async throws -> String
  /// The last one was not accepted.
  func forget() async
}

/// The emulator's administrator.
public struct EmulatorToken: AccessTokenSource {
  public init() {}
  public func token() async throws -> String { "owner" }
  public func forget() async {}
}

/// Access tokens for a service account by the JWT bearer grant (RFC 7523), kept until shortly before they expire. Those who ask while one is on its way
/// share it.
public actor ServiceAccountToken: AccessTokenSource {
  private struct Held {
    let token: String
    /// Seconds since 1970.
    let renewAt: Double
  }

  private struct Claims: Encodable {
    let iss: String
    let scope: String
    let aud: String
    let iat: Int64
    let exp: Int64
  }

  private struct Grant: Decodable, Sendable {
    let access_token: String
    let expires_in: Double
  }

  private let account: ServiceAccount
  private let session: URLSession
  private let now: @Sendable () -> Double
  private var held: Held?
  private var failure: (error: any Error, until: Double)?
  private var request: Task<Grant, any Error>?

  /// Enough to write documents, and nothing else of the project.
  private static let scope = "https://www.googleapis.com/auth/datastore"
  /// A token is renewed so many seconds before it expires: far more than a request may take.
  private static let margin = 300.0
  /// So many seconds after a failure nobody asks again.
  private static let pause = 5.0

  /// - Parameter now: seconds since 1970.
  public init(_ account: ServiceAccount, now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }) {
    self.account = account
    self.now = now
    session = URLSession(configuration: .carrier(connections: 1))
  }

  public func token() async throws -> String {
    if let held, now() < held.renewAt { return held.token }
    if let failure, now() < failure.until { throw failure.error }
    let request =
      request
      ?? Task { [account, session, now] in
        try await ServiceAccountToken.ask(account, session, now: Int64(now()))
      }
    self.request = request
    defer { self.request = nil }
    let grant: Grant
    do {
      grant = try await request.value
    } catch {
      failure = (error, now() + ServiceAccountToken.pause)
      throw error
    }
    held = Held(token: grant.access_token, renewAt: now() + max(10, grant.expires_in - ServiceAccountToken.margin))
    return grant.access_token
  }

  public func forget() { held = nil }

  private static func ask(_ account: ServiceAccount, _ session: URLSession, now: Int64) async throws -> Grant {
    var request = URLRequest(url: account.tokenURI, timeoutInterval: FirestoreREST.timeLimit)
    request.httpMethod = "POST"
    request.setValue("application/x-www-form-urlencoded", forHTTPHeaderField: "Content-Type")
    let assertion = try account.sign(
      Claims(
        iss: account.email, scope: scope, aud: account.tokenURI.absoluteString, iat: now, exp: now + 3_600))
    request.httpBody = Data(
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=\(assertion)".utf8)
    let answer: (Data, URLResponse)
    do {
      answer = try await session.data(for: request)
    } catch {
      throw FirebaseError(.noToken, "the token service cannot be reached (code \((error as NSError).code))")
    }
    let status = (answer.1 as? HTTPURLResponse)?.statusCode ?? 0
    guard status == 200, answer.0.count <= 64 * 1_024,
      let grant = try? JSONDecoder().decode(Grant.self, from: answer.0)
    else { throw FirebaseError(.noToken, "the token service answered with status \(status)") }
    return grant
  }
}
