/// Remembers leases for the owner that comes after this one: on a billed channel nobody would tell a client that its owner died.
///
/// Contract. A lease is one row a user, device and channel; the last call wins. Losing one costs its client nothing but time: it notices with its next
/// renewal.
public protocol LeaseStore: Sendable {
  /// - Throws: `StoreError`.
  func save(_ lease: StoredLease) async throws
  /// Nothing if there is none.
  /// - Throws: `StoreError`.
  func remove(device: DeviceID, of user: UserID, on channel: ChannelName) async throws
  /// Forgets those that are over.
  /// - Throws: `StoreError`.
  func forget(endedBefore now: Timestamp) async throws
  /// Those that still run.
  /// - Throws: `StoreError`.
  func running(on channel: ChannelName, now: Timestamp) async throws -> [StoredLease]
}

public struct StoredLease: Sendable, Hashable {
  public let lease: Lease
  public let expiresAt: Timestamp

  public init(lease: Lease, expiresAt: Timestamp) {
    self.lease = lease
    self.expiresAt = expiresAt
  }
}
