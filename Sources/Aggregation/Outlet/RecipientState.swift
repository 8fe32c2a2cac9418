import ChatDomain

/// A recipient's push state on one channel: it exists only under a lease (protocol, Servers 6). Its numbers and what collects for it are in the
/// aggregator, under the same slot.
struct RecipientState: Sendable {
  let user: UserID
  var slot: SlotID
  var epoch: Epoch
  var attention = Attention()
  /// Leases, as far as they are in the outlet's total.
  var counted = 0
  var ring = ReplayRing()
  /// Of the first failure since the last success.
  var failingSince: Instant?
  /// Failures since the last success.
  var failures = 0
  /// `attention.nextExpiry`, kept at hand.
  var nextExpiry = Instant.never
  /// The earliest reminder of an expiry; `never` if there is none.
  var armed = Instant.never
}
