import AuthValidator
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Gets the document with URLSession: 200 only, no redirects (keys come from the configured place or not at all), at most `maximumBytes`.
struct URLJWKSFetcher: JWKSFetcher {
  static let maximumBytes = 64 * 1024

  let url: URL
  /// Seconds, for the whole request.
  let timeLimit: Double

  func fetch() async throws(JWKSError) -> JWKSAnswer {
    let result: Result<JWKSAnswer, JWKSError> = await withCheckedContinuation { continuation in
      let configuration = URLSessionConfiguration.ephemeral
      configuration.timeoutIntervalForRequest = timeLimit
      configuration.timeoutIntervalForResource = timeLimit
      configuration.urlCache = nil
      configuration.httpCookieStorage = nil
      let collector = JWKSCollector { continuation.resume(returning: $0) }
      // A session a request: they are minutes apart, and an invalidated session keeps no connection and no delegate.
      let session = URLSession(configuration: configuration, delegate: collector, delegateQueue: nil)
      var request = URLRequest(url: url)
      request.setValue("application/json", forHTTPHeaderField: "Accept")
      session.dataTask(with: request).resume()
      session.finishTasksAndInvalidate()
    }
    return try result.get()
  }

  /// `max-age` of a Cache-Control field.
  static func age(in cacheControl: String?) -> Int64? {
    for directive in (cacheControl ?? "").split(separator: ",") {
      let parts = directive.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " && $0 != "\"" } }
      if parts.count == 2, parts[0].lowercased() == "max-age" { return Int64(parts[1]) }
    }
    return nil
  }
}
