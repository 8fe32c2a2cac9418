import AuthValidator
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Collects one answer, and cancels the request as soon as it is none that we want.
final class JWKSCollector: NSObject, URLSessionDataDelegate {
  private struct State {
    var body: [UInt8] = []
    var age: Int64?
    var refusal: JWKSError?
    var isDone = false
  }

  private let state = Mutex(State())
  private let done: @Sendable (Result<JWKSAnswer, JWKSError>) -> Void

  /// - Parameter done: called exactly once.
  init(done: @escaping @Sendable (Result<JWKSAnswer, JWKSError>) -> Void) { self.done = done }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    let answer = response as? HTTPURLResponse
    let isWanted = answer?.statusCode == 200
    state.withLock { state in
      state.age = URLJWKSFetcher.age(in: answer?.value(forHTTPHeaderField: "Cache-Control"))
      if !isWanted { state.refusal = JWKSError(.unreachable, "status \(answer?.statusCode ?? 0)") }
    }
    completionHandler(isWanted ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLarge = state.withLock { state in
      if state.body.count + data.count > URLJWKSFetcher.maximumBytes {
        state.refusal = JWKSError(.unreadable, "too large")
        return true
      }
      state.body.append(contentsOf: data)
      return false
    }
    if isTooLarge { dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let result = state.withLock { state -> Result<JWKSAnswer, JWKSError>? in
      guard !state.isDone else { return nil }
      state.isDone = true
      if let refusal = state.refusal { return .failure(refusal) }
      if let error { return .failure(JWKSError(.unreachable, "\((error as NSError).code)")) }
      return .success(JWKSAnswer(document: state.body, age: state.age))
    }
    if let result { done(result) }
  }
}
