import Dispatch
import FoundationEssentials
import Metrics

/// Hashes and verifies passwords, a few at a time, off the cooperative pool. Its memory is bounded by threads × `Argon2Parameters.memory`.
public final class PasswordHasher: Sendable {
  private let argon2: Argon2
  private let threads: BlockingThreads
  /// Of a password that nobody knows: what is verified when there is no user.
  private let decoy: String
  private let time: Histogram
  private let refused: Counter

  /// Computes one hash, so it blocks for some tens of milliseconds: call it when the process starts.
  /// - Parameters:
  ///   - threads: hashes at a time; nil: one a core.
  ///   - queue: hashes that may wait.
  /// - Throws: `.unavailable` when libsodium or the memory is not there.
  public init(
    _ parameters: Argon2Parameters = Argon2Parameters(), threads: Int? = nil, queue: Int = 32, metrics: MetricsRegistry
  ) throws(AuthError) {
    argon2 = try Argon2(parameters)
    guard let decoy = argon2.hash(RandomText.secret()) else {
      throw AuthError(.unavailable, "no memory for a password hash of \(parameters.memory) bytes")
    }
    self.decoy = decoy
    let pool = BlockingThreads(
      label: "argon2", count: threads ?? ProcessInfo.processInfo.activeProcessorCount, limit: queue)
    self.threads = pool
    time = metrics.histogram("auth_password_hash_seconds", help: "Time of one Argon2id hash, without waiting.")
    refused = metrics.counter("auth_password_hash_refused_total", help: "Password hashes refused by a full queue.")
    metrics.gauge("auth_password_hash_waiting", help: "Password hashes that wait for a thread.") {
      Double(pool.waiting)
    }
  }

  /// - Throws: `.unavailable` when too much waits already.
  func hash(_ password: String) async throws(AuthError) -> String {
    guard let hash = try await run({ $0.hash(password) }) else { throw PasswordHasher.busy }
    return hash
  }

  /// - Parameter hash: nil when there is no such user: the same work is done, and nothing matches.
  /// - Throws: `.unavailable` when too much waits already.
  func verify(_ password: String, against hash: String?) async throws(AuthError) -> Argon2.Verdict {
    let decoy = decoy
    let verdict = try await run { $0.verify(password, against: hash ?? decoy) }
    return hash == nil ? .mismatch : verdict
  }

  private func run<Value: Sendable>(_ body: @escaping @Sendable (Argon2) -> Value) async throws(AuthError) -> Value {
    let argon2 = argon2
    let time = time
    let value = await threads.run {
      let start = DispatchTime.now().uptimeNanoseconds
      defer { time.recordNanoseconds(DispatchTime.now().uptimeNanoseconds - start) }
      return body(argon2)
    }
    guard let value else {
      refused.add()
      throw PasswordHasher.busy
    }
    return value
  }

  private static let busy = AuthError(.unavailable, "too many log-ins at once", retryAfter: .seconds(2))
}
