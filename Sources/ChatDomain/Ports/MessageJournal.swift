/// Where the embedded log keeps its entries: the history itself, in one transaction with everything that a send changes.
///
/// Contract: that of `MessageLog`; and `committed` is called for every entry that makes news, in commit order, one at a time, after the entry is
/// durable and readable and before the call returns. It must not block.
public protocol MessageJournal: Sendable {
  func append(_ send: Send, committed: @escaping @Sendable (Delivery) -> Void) async throws -> SendOutcome
  func append(_ mark: ReadMark, committed: @escaping @Sendable (Delivery) -> Void) async throws -> ReadOutcome
}
