// PushService: the push role. Leases and deliveries in, numbered aggregates out to the channels.
// May import: ChatDomain, Aggregation, HTTPServer (for the attention routes), Metrics, swift-collections. No adapter.

import Aggregation
import ChatDomain
import Metrics

/// The push role of one process: gate, aggregate, publish.
///
/// The recipients are divided among shards; each is served by one runner, in order. Nothing here waits: what comes in is put into a shard's inbox.
public final class PushService: Sendable {
  private let shards: [PushShard]
  private let channels: [ChannelName]

  /// - Parameters:
  ///   - channels: each with its outlet's settings; a lease on another one is answered with the first.
  ///   - runners: shard n runs on runner n, modulo their count; at least one.
  ///   - seed: random; epoch names follow from it.
  public init(
    channels: [(channel: any PushChannel, settings: OutletSettings)], runners: [any SerialRunner],
    settings: PushSettings = PushSettings(), seed: UInt64 = .random(in: 0 ... .max), metrics: MetricsRegistry
  ) {
    precondition(!channels.isEmpty && !runners.isEmpty && settings.shards > 0, "a push role needs all three")
    self.channels = channels.map(\.channel.name)
    let counts = PushMetrics(metrics, channels: channels.map(\.channel.name))
    shards = (0..<settings.shards).map { number in
      let outlets = channels.enumerated().map { index, entry in
        Outlet(entry.settings, seed: seed &+ UInt64(number * channels.count + index) &* 0xD1B5_4A32_D192_ED03)
      }
      return PushShard(
        number: number, outlets: outlets, channels: channels.map(\.channel), runner: runners[number % runners.count],
        settings: settings, metrics: counts)
    }
    let shards = shards
    metrics.gauge("caravan_push_recipients", help: "Recipients who look, counted for each channel.") {
      Double(shards.reduce(0) { $0 + $1.recipientCount })
    }
    metrics.gauge("caravan_push_leases", help: "Devices that look: leases, open streams included.") {
      Double(shards.reduce(0) { $0 + $1.leaseCount })
    }
  }

  /// Shutdown: publishes whatever waits, and returns when it has been handed to the channels.
  public func finish() async {
    for shard in shards {
      await withCheckedContinuation { done in
        shard.put(.finish { done.resume() })
      }
    }
  }

  /// Leases of an earlier owner that still run: whoever holds one is told the new epoch at once (protocol, Servers 6).
  /// - Parameter leases: with when each ends, in nanoseconds of the runners' clock.
  public func takeOver(_ leases: [(lease: Lease, expiresAt: UInt64)], on channel: ChannelName) {
    guard let index = channels.firstIndex(of: channel), !leases.isEmpty else { return }
    for shard in shards { shard.put(.takeOver(leases, channel: index)) }
  }

  /// Whether it publishes on that channel at all.
  public func serves(_ channel: ChannelName) -> Bool { channels.contains(channel) }

  /// From now on a channel's news is collected by other windows.
  public func use(_ windows: Windows, on channel: ChannelName) {
    guard let index = channels.firstIndex(of: channel) else { return }
    for shard in shards { shard.put(.windows(windows, channel: index)) }
  }

  /// Messages that came for somebody who looks on a channel, counted by recipient: all others its gate suppressed.
  public func takenCount(on channel: ChannelName) -> UInt64 {
    guard let index = channels.firstIndex(of: channel) else { return 0 }
    return shards.reduce(0) { $0 + $1.takenCount(index) }
  }

  /// The shard of a recipient.
  static func shard(of user: UserID, of count: Int) -> Int {
    Int(truncatingIfNeeded: (user.bits.high ^ user.bits.low) % UInt64(count))
  }

  private func shard(of user: UserID) -> PushShard { shards[PushService.shard(of: user, of: shards.count)] }
}

extension PushService: DeliveryReceiver {
  public func receive(_ deliveries: [Delivery]) {
    for delivery in deliveries {
      var counts = [Int](repeating: 0, count: shards.count)
      for user in delivery.recipients { counts[PushService.shard(of: user, of: shards.count)] += 1 }
      let event =
        switch delivery.news {
        case .message(let message):
          ShardEvent.message(
            NewsItem(message: message, senderDevice: delivery.senderDevice, acceptedAt: delivery.acceptedAt),
            recipients: delivery.recipients)
        case .read(let chat, let user, let upTo):
          ShardEvent.receipt(ReadMark(chat: chat, user: user, upTo: upTo), recipients: delivery.recipients)
        }
      for shard in shards where counts[shard.number] > 0 {
        shard.deliver(event, to: delivery.recipients, count: counts[shard.number])
      }
    }
  }
}

extension PushService: AttentionSource {
  public func renew(_ lease: Lease) async throws -> LeaseAnswer {
    guard let channel = channels.firstIndex(of: lease.channel) else {
      return .taken(epoch: nil, seq: 0, expiresInSeconds: 0, channel: channels[0])
    }
    return await withCheckedContinuation { answered in
      shard(of: lease.user).put(.renew(lease, channel: channel) { answered.resume(returning: $0) })
    }
  }

  public func end(device: DeviceID, of user: UserID, on channel: ChannelName?) async {
    for (index, name) in channels.enumerated() where channel == nil || channel == name {
      shard(of: user).put(.end(device: device, user: user, channel: index))
    }
  }
}

extension PushService: PushOwner {
  public func mayOpen(_ channel: ChannelName, user: UserID, device: DeviceID) async -> Bool {
    guard let index = channels.firstIndex(of: channel) else { return false }
    return await withCheckedContinuation { answered in
      shard(of: user).put(
        .mayOpen(device: device, user: user, channel: index) { answered.resume(returning: $0) })
    }
  }

  public func opened(
    _ connection: ConnectionID, _ channel: ChannelName, user: UserID, device: DeviceID, resuming: BaseLine?
  ) {
    guard let index = channels.firstIndex(of: channel) else { return }
    shard(of: user).put(.opened(connection, device: device, user: user, channel: index, resuming: resuming))
  }

  public func closed(_ connection: ConnectionID, _ channel: ChannelName, user: UserID, device: DeviceID) {
    guard let index = channels.firstIndex(of: channel) else { return }
    shard(of: user).put(.closed(connection, device: device, user: user, channel: index))
  }

  public func isWanted(_ ticket: PublishTicket) async -> Bool {
    guard let index = channels.firstIndex(of: ticket.channel) else { return false }
    return await withCheckedContinuation { answered in
      shard(of: ticket.recipient).put(.isWanted(ticket, channel: index) { answered.resume(returning: $0) })
    }
  }

  public func settled(_ ticket: PublishTicket, _ outcome: PublishOutcome) {
    guard let index = channels.firstIndex(of: ticket.channel) else { return }
    shard(of: ticket.recipient).put(.settled(ticket, outcome, channel: index))
  }
}
