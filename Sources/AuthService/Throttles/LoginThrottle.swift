import ChatDomain

/// Slows down whoever guesses passwords. Pure.
///
/// Both limits count by the address that asks: whoever tries to lock somebody out locks out only themselves.
struct LoginThrottle: Sendable {
  struct Attempt: Hashable, Sendable {
    /// Folded; empty for a name that cannot exist.
    let username: String
    let network: String
  }

  private var byName: KeyedFailures<Attempt>
  private var byAddress: KeyedFailures<String>

  init(_ limits: AuthLimits) {
    byName = KeyedFailures(
      limit: limits.failuresPerName, window: limits.failureWindow, maximumKeys: limits.rememberedKeys)
    byAddress = KeyedFailures(
      limit: limits.failuresPerAddress, window: limits.failureWindow, maximumKeys: limits.rememberedKeys)
  }

  /// Counts an attempt as failed until it is known better.
  /// - Parameter now: monotonic nanoseconds.
  /// - Returns: how long to wait, if it must not be made; then nothing is counted.
  mutating func begin(_ attempt: Attempt, now: UInt64) -> Duration? {
    let waits = [byName.wait(attempt, now: now), byAddress.wait(attempt.network, now: now)].compactMap(\.self)
    if let wait = waits.max() { return wait }
    byName.begin(attempt, now: now)
    byAddress.begin(attempt.network, now: now)
    return nil
  }

  /// The password was right: the name starts afresh from this address. The address gets back this attempt only, or an account of one's own would
  /// reset the limit again and again.
  mutating func succeeded(_ attempt: Attempt) {
    byName.reset(attempt)
    byAddress.forgive(attempt.network)
  }

  /// It was never found out whether the password was right.
  mutating func abandoned(_ attempt: Attempt) {
    byName.forgive(attempt)
    byAddress.forgive(attempt.network)
  }
}
