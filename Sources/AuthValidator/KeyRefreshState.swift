/// When to ask for the keys again. Pure; times are seconds of any one clock.
///
/// Known keys are asked for again when their age is over; an unknown key asks at once, but never more often than `minimumInterval`, so that
/// made-up key ids cannot turn a verifier into a flood. A failure keeps what is held, and lets the next need ask after `retryInterval`.
package struct KeyRefreshState: Sendable {
  package struct Bounds: Sendable {
    /// Between two requests.
    package var minimumInterval: Int64 = 30
    /// After a failure.
    package var retryInterval: Int64 = 5
    /// Age when the answer names none.
    package var defaultAge: Int64 = 300
    /// What an answer may ask for.
    package var ages: ClosedRange<Int64> = 30...86_400

    package init() {}
  }

  package enum Need: Sendable {
    /// A token names a key that is not held.
    case unknownKey
    /// A key that is held is used.
    case use
  }

  private let bounds: Bounds
  private var lastAttempt: Int64?
  private var freshUntil: Int64?
  /// Whether the last attempt failed: then "not held" does not mean "does not exist".
  package private(set) var hasFailed = false

  package init(_ bounds: Bounds = Bounds()) { self.bounds = bounds }

  /// Whether to ask now. The caller that gets true must ask, then report `succeeded` or `failed`.
  package mutating func shouldAsk(_ need: Need, now: Int64) -> Bool {
    if need == .use, let freshUntil, now < freshUntil { return false }
    if let lastAttempt {
      let interval = hasFailed ? bounds.retryInterval : bounds.minimumInterval
      // A clock that was set back counts as time gone by.
      guard now < lastAttempt || now - lastAttempt >= interval else { return false }
    }
    lastAttempt = now
    return true
  }

  /// - Parameter age: the answer's max-age, seconds.
  package mutating func succeeded(age: Int64?, now: Int64) {
    hasFailed = false
    let age = min(max(age ?? bounds.defaultAge, bounds.ages.lowerBound), bounds.ages.upperBound)
    freshUntil = now + age
  }

  package mutating func failed() { hasFailed = true }
}
