import Aggregation
import ChatDomain
import Logging
import Metrics
import Synchronization
import TestSupport
import Testing

@testable import PushService

@Suite("Leases that outlive the process")
final class LastingAttentionTests: Sendable {
  /// Leases in memory.
  private final class MemoryLeaseStore: LeaseStore {
    let leases = Mutex<[StoredLease]>([])

    func save(_ lease: StoredLease) async throws {
      leases.withLock { leases in
        leases.removeAll { $0.lease.device == lease.lease.device && $0.lease.user == lease.lease.user }
        leases.append(lease)
      }
    }

    func remove(device: DeviceID, of user: UserID, on channel: ChannelName) async throws {
      leases.withLock { $0.removeAll { $0.lease.device == device && $0.lease.user == user } }
    }

    func forget(endedBefore now: Timestamp) async throws {
      leases.withLock { $0.removeAll { $0.expiresAt <= now } }
    }

    func running(on channel: ChannelName, now: Timestamp) async throws -> [StoredLease] {
      leases.withLock { $0.filter { $0.expiresAt > now } }
    }
  }

  private let clock = MockClock()
  private let store = MemoryLeaseStore()
  private let admission = Mutex(LastingAttention.Admission.taken)
  private let now = Timestamp(milliseconds: 1_000_000)

  private func process(_ mailbox: RecordingChannel) -> LastingAttention {
    let push = PushService(
      channels: [(RecordingChannel(), .stream), (mailbox, .mailbox)], runners: [clock], seed: 1,
      metrics: MetricsRegistry())
    let now = now
    return LastingAttention(
      push, store: store, channel: .firestore, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      now: { now }, admits: { [self] _ in admission.withLock { $0 } }, left: { _, _ in true })
  }

  private func lease(_ user: Int) -> Lease {
    Lease(user: .number(user), device: .number(user), channel: .firestore, viewing: [.number(1)])
  }

  @Test("What was leased is told the next process's epoch, once, and what was ended is not")
  func takesOver() async throws {
    let first = process(RecordingChannel(.firestore))
    for user in 1...3 {
      _ = try await clock.running { try await first.renew(self.lease(user)) }
    }
    await first.end(device: .number(2), of: .number(2), on: nil)

    let mailbox = RecordingChannel(.firestore)
    let second = process(mailbox)
    #expect(try await second.takeOver(monotonic: clock.now).count == 2)
    clock.settle()
    #expect(mailbox.lines.sorted() == ["1 resync", "3 resync"])
  }

  @Test("A lease that is refused names the event stream and when to ask again, and ends the one before")
  func refuses() async throws {
    let mailbox = RecordingChannel(.firestore)
    let attention = process(mailbox)
    guard case .taken(.some, 0, 60, .firestore) = try await clock.running({ try await attention.renew(self.lease(1)) })
    else {
      Issue.record("it was not taken")
      return
    }
    admission.withLock { $0 = .refused(seconds: 3_600) }
    #expect(
      try await clock.running { try await attention.renew(self.lease(1)) }
        == .taken(epoch: nil, seq: 0, expiresInSeconds: 3_600, channel: .stream))
  }

  @Test("Where the channel is not served its leases name the event stream, however many devices there are")
  func notServed() async throws {
    let push = PushService(
      channels: [(RecordingChannel(), .stream)], runners: [clock], seed: 1, metrics: MetricsRegistry())
    let now = now
    let attention = LastingAttention(
      push, store: store, channel: .firestore, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      now: { now }, admits: { _ in .refused(seconds: 60) }, left: { _, _ in false })
    for user in 1...12 {
      #expect(
        try await clock.running { try await attention.renew(self.lease(user)) }
          == .taken(epoch: nil, seq: 0, expiresInSeconds: 60, channel: .stream))
    }
  }
}
