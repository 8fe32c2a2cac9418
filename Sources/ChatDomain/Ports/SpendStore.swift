/// What has been reserved of each day's budget, shared by all workers that spend it (protocol, Servers 10).
///
/// Contract. One row a day; a day without one has reserved nothing. Each call is atomic, over all processes, and durable when it returns: an attempt is made only
/// after its reservation was answered. Nothing is ever given back. Every error thrown is a `StoreError`; then the call may or may not have had its
/// effect, so the caller counts what it asked for as gone and reads the row again.
public protocol SpendStore: Sendable {
  /// What has been reserved on a day, by everybody.
  func reserved(on day: BillingDay) async throws -> BilledOperations

  /// Sets the day's row to `new` if it still says `old`: one conditional update.
  func raise(on day: BillingDay, from old: BilledOperations, to new: BilledOperations) async throws -> SpendAnswer
}

public enum SpendAnswer: Sendable, Hashable {
  case raised
  /// Somebody else was faster: what the row says now.
  case outdated(BilledOperations)
  /// The store has a row of a later day: no more may be reserved for this one.
  case dayIsOver(BillingDay)
}
