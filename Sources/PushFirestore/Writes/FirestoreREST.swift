import Foundation
import Logging

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Firestore's REST interface over connections that are kept open.
public final class FirestoreREST: FirestoreTransport {
  private let url: URL
  private let tokens: any AccessTokenSource
  private let session: URLSession
  /// For one request, from its start to the end of the answer.
  static let timeLimit: TimeInterval = 10
  /// An answer's largest body, in bytes: 500 results take less than a tenth of it.
  static let answerBytes = 1_024 * 1_024

  /// - Parameters:
  ///   - origin: `https://firestore.googleapis.com`, or an emulator's.
  ///   - root: of the documents, see `FirestoreSettings.root`.
  public init(origin: URL, root: String, tokens: any AccessTokenSource, connections: Int) {
    url = URL(string: "\(origin.absoluteString)/v1/\(root):batchWrite") ?? origin
    self.tokens = tokens
    session = URLSession(configuration: .carrier(connections: connections))
  }

  public func prepare() async -> String? {
    do {
      _ = try await tokens.token()
      return nil
    } catch {
      return "no access token: \(error)"
    }
  }

  public func batchWrite(_ documents: [MailboxDocument]) async -> BatchAnswer {
    let body = Data(BatchWriteCoding.request(documents))
    var answer = await post(body, of: documents.count)
    if case .unauthorized = answer {
      // The token was withdrawn before its time.
      await tokens.forget()
      answer = await post(body, of: documents.count)
    }
    switch answer {
    case .answer(let answer): return answer
    case .unauthorized: return .failed("the credentials are not accepted")
    }
  }

  private enum Post {
    case answer(BatchAnswer)
    case unauthorized
  }

  private func post(_ body: Data, of count: Int) async -> Post {
    let token: String
    do {
      token = try await tokens.token()
    } catch {
      return .answer(.failed("no access token: \(error)"))
    }
    var request = URLRequest(url: url, timeoutInterval: FirestoreREST.timeLimit)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    request.httpBody = body
    do {
      let (data, response) = try await session.data(for: request)
      let status = (response as? HTTPURLResponse)?.statusCode ?? 0
      guard data.count <= FirestoreREST.answerBytes else { return .answer(.failed("the answer is too large")) }
      switch status {
      case 200:
        let results = BatchWriteCoding.results(data, of: count)
        return .answer(results.map { .results($0) } ?? .failed("the answer is not understood"))
      case 401: return .unauthorized
      // A whole request is at fault; a project without Firestore or without permission (403, 404) may be put right.
      case 400, 413: return .answer(.refused("status \(status)"))
      default: return .answer(.failed("status \(status)"))
      }
    } catch {
      return .answer(.failed("code \((error as NSError).code)"))
    }
  }
}

extension URLSessionConfiguration {
  /// Keeps nothing but connections.
  static func carrier(connections: Int) -> URLSessionConfiguration {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = connections
    configuration.timeoutIntervalForRequest = FirestoreREST.timeLimit
    configuration.timeoutIntervalForResource = FirestoreREST.timeLimit
    configuration.urlCache = nil
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    return configuration
  }
}
