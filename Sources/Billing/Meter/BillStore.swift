import ChatDomain

/// Keeps the figures of each billing day.
///
/// Contract. Parts of a day add up, whoever adds them, each call atomically. Every error thrown is a `StoreError`; then nothing was added.
public protocol BillStore: Sendable {
  func add(_ parts: [(day: BillingDay, figures: DayFigures)]) async throws
  /// The days from one to another, both included, oldest first; days without figures are left out.
  func days(from first: BillingDay, through last: BillingDay) async throws -> [(day: BillingDay, figures: DayFigures)]
}
