import AuthValidator
import Foundation
import Synchronization

/// The keys of a JWKS URL.
///
/// At most one request at a time; whoever needs the keys meanwhile waits for that one. When the URL fails, the keys held stay good for as long as it does:
/// an outage of the auth role logs nobody out. Keys past their age are fetched again beside the traffic, not in its way.
///
/// The URL must be open to all, as Caravan's is: Foundation's URLSession on Linux (6.0) stops the process when an answer carries the bare challenge
/// `WWW-Authenticate: Bearer`, before anybody else sees it.
public final class RemoteJWKSSource: JWKSSource {
  private struct State {
    var keys = JSONWebKeySet.empty
    var refresh = KeyRefreshState()
    var request: Task<Result<JSONWebKeySet, JWKSError>, Never>?
  }

  private enum Step {
    case wait(Task<Result<JSONWebKeySet, JWKSError>, Never>)
    case answer(Result<JSONWebKeySet, JWKSError>)
  }

  private let fetcher: any JWKSFetcher
  private let clock: @Sendable () -> Int64
  private let state = Mutex(State())

  /// - Parameter timeLimit: of one request, seconds.
  public convenience init(url: URL, timeLimit: Double = 2) {
    self.init(fetcher: URLJWKSFetcher(url: url, timeLimit: timeLimit)) { Int64(Date().timeIntervalSince1970) }
  }

  /// - Parameter clock: seconds.
  package init(fetcher: any JWKSFetcher, clock: @escaping @Sendable () -> Int64) {
    self.fetcher = fetcher
    self.clock = clock
  }

  public var keys: JSONWebKeySet {
    let now = clock()
    return state.withLock { state in
      // Nothing held: the caller finds no key, comes back through `refresh`, and waits there.
      if !state.keys.isEmpty, state.request == nil, state.refresh.shouldAsk(.use, now: now) { start(&state) }
      return state.keys
    }
  }

  public func refresh() async throws(JWKSError) -> JSONWebKeySet {
    let now = clock()
    let step = state.withLock { state -> Step in
      if let request = state.request { return .wait(request) }
      guard state.refresh.shouldAsk(.unknownKey, now: now) else {
        return .answer(
          state.refresh.hasFailed ? .failure(JWKSError(.unreachable, "failed just now")) : .success(state.keys))
      }
      return .wait(start(&state))
    }
    switch step {
    case .wait(let request): return try await request.value.get()
    case .answer(let result): return try result.get()
    }
  }

  /// A task of its own: several callers share it, and the end of one must not end it for the others.
  @discardableResult
  private func start(_ state: inout State) -> Task<Result<JSONWebKeySet, JWKSError>, Never> {
    let request = Task { await self.ask() }
    state.request = request
    return request
  }

  private func ask() async -> Result<JSONWebKeySet, JWKSError> {
    let result: Result<(keys: JSONWebKeySet, age: Int64?), JWKSError>
    do throws(JWKSError) {
      let answer = try await fetcher.fetch()
      result = .success((try JSONWebKeySet(parsing: answer.document), answer.age))
    } catch {
      result = .failure(error)
    }
    let now = clock()
    return state.withLock { state in
      state.request = nil
      switch result {
      case .success(let (keys, age)):
        state.refresh.succeeded(age: age, now: now)
        // The same object while nothing changed, so that verified tokens stay remembered.
        if !keys.hasSameKeys(as: state.keys) { state.keys = keys }
        return .success(state.keys)
      case .failure(let error):
        state.refresh.failed()
        return .failure(error)
      }
    }
  }
}
