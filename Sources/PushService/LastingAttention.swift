import ChatDomain
import Logging

/// Leases that outlive this process, on one channel: each is stored before it is answered, and those that still run are taken over at the start.
///
/// It also decides which channel a lease is for: where that one may not be used now (its budget is spent, or its carrier is down), the answer
/// names the event stream (protocol, Servers 10).
public struct LastingAttention: AttentionSource {
  /// Whether a lease on the channel is taken.
  public enum Admission: Sendable, Hashable {
    case taken
    /// The client may ask again after so long.
    case refused(seconds: Int)
  }

  private let push: PushService
  private let store: any LeaseStore
  private let channel: ChannelName
  private let admits: @Sendable (Lease) async -> Admission
  private let left: @Sendable (DeviceID, UserID) -> Bool
  private let now: @Sendable () -> Timestamp
  private let logger: Logger

  /// - Parameters:
  ///   - admits: whether this lease on the channel is taken now.
  ///   - left: a device has ended its lease; whether it had one, as far as is known.
  public init(
    _ push: PushService, store: any LeaseStore, channel: ChannelName, logger: Logger,
    now: @escaping @Sendable () -> Timestamp, admits: @escaping @Sendable (Lease) async -> Admission,
    left: @escaping @Sendable (DeviceID, UserID) -> Bool
  ) {
    self.push = push
    self.store = store
    self.channel = channel
    self.admits = admits
    self.left = left
    self.now = now
    self.logger = logger
  }

  public func renew(_ lease: Lease) async throws -> LeaseAnswer {
    guard lease.channel == channel else { return try await push.renew(lease) }
    // Before anything is paid for it.
    if push.serves(channel), await !push.mayOpen(channel, user: lease.user, device: lease.device) {
      return .tooManyDevices
    }
    if case .refused(let seconds) = await admits(lease) {
      // One that it has is over: nobody is to write for a device that listens elsewhere.
      if left(lease.device, lease.user) { await end(device: lease.device, of: lease.user, on: channel) }
      return .taken(epoch: nil, seq: 0, expiresInSeconds: seconds, channel: .stream)
    }
    let answer = try await push.renew(lease)
    if case .taken(.some, _, let seconds, channel) = answer {
      let stored = StoredLease(
        lease: lease, expiresAt: Timestamp(milliseconds: now().milliseconds + Int64(seconds) * 1_000))
      await attempt("stored") { try await store.save(stored) }
    }
    return answer
  }

  public func end(device: DeviceID, of user: UserID, on channel: ChannelName?) async {
    await push.end(device: device, of: user, on: channel)
    guard channel == nil || channel == self.channel else { return }
    _ = left(device, user)
    await attempt("removed") { try await store.remove(device: device, of: user, on: self.channel) }
  }

  /// Takes over what the process before this one has left.
  /// - Parameter monotonic: nanoseconds of the push role's clock, now.
  /// - Returns: the leases.
  public func takeOver(monotonic: UInt64) async throws -> [StoredLease] {
    let (leases, now) = (try await store.running(on: channel, now: now()), now())
    push.takeOver(
      leases.map { stored in
        let left = max(0, stored.expiresAt.milliseconds - now.milliseconds)
        return (stored.lease, monotonic + UInt64(left) * 1_000_000)
      }, on: channel)
    return leases
  }

  /// Forgets stored leases that are over.
  public func tidy() async {
    await attempt("forgotten") { try await store.forget(endedBefore: now()) }
  }

  private func attempt(_ what: String, _ body: () async throws -> Void) async {
    do {
      try await body()
    } catch {
      logger.warning("a lease could not be \(what)", metadata: ["reason": "\(error)"])
    }
  }
}
