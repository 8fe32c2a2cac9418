import Metrics
import Synchronization

/// Counts what is open in the whole server, and decides who may come in.
final class ConnectionCensus: Sendable {
  enum Admission: Sendable, Equatable {
    /// `counted`: its address is counted, and must be given back to `left`.
    case welcome(counted: Bool)
    /// To be told so.
    case refused
    /// Not even an answer: too many are being refused already.
    case dropped
  }

  /// Connections that are only being told that there is no room, at a time.
  static let maximumRefusals = 512

  private struct State {
    var open = 0
    var refusals = 0
    var byNetwork: [IPAddress: Int] = [:]
    var whenEmpty: (@Sendable () -> Void)?
  }

  private let limits: ServerLimits
  private let trustedProxies: TrustedProxies
  private let state = Mutex(State())
  /// Requests whose handler runs; apart from the lock, because every request changes it.
  private let running = Atomic<Int>(0)
  private let openGauge: Gauge
  private let refusedCounter: Counter

  init(limits: ServerLimits, trustedProxies: TrustedProxies, metrics: MetricsRegistry) {
    self.limits = limits
    self.trustedProxies = trustedProxies
    openGauge = metrics.gauge("http_connections_open", help: "Open connections, event streams among them.")
    refusedCounter = metrics.counter("http_connections_refused_total", help: "Connections refused by a limit.")
  }

  /// A connection came from `peer`; nil where there is no address (a Unix socket).
  func admit(_ peer: IPAddress?) -> Admission {
    let network = peer.flatMap(countedNetwork)
    let admission = state.withLock { state -> Admission in
      let isFull = state.open - state.refusals >= limits.connections
      let isGreedy = network.map { state.byNetwork[$0, default: 0] >= limits.connectionsPerAddress ?? .max } ?? false
      if isFull || isGreedy {
        guard state.refusals < ConnectionCensus.maximumRefusals else { return .dropped }
        state.open += 1
        state.refusals += 1
        return .refused
      }
      state.open += 1
      if let network { state.byNetwork[network, default: 0] += 1 }
      return .welcome(counted: network != nil)
    }
    switch admission {
    case .welcome: openGauge.add(1)
    case .refused, .dropped: refusedCounter.add()
    }
    return admission
  }

  /// A connection that was admitted, or refused, has gone.
  func left(_ peer: IPAddress?, _ admission: Admission) {
    if case .welcome = admission { openGauge.add(-1) }
    let action = state.withLock { state -> (@Sendable () -> Void)? in
      state.open -= 1
      if admission == .refused { state.refusals -= 1 }
      if admission == .welcome(counted: true), let network = peer.flatMap(countedNetwork) {
        let count = state.byNetwork[network, default: 1] - 1
        state.byNetwork[network] = count > 0 ? count : nil
      }
      return ConnectionCensus.whenEmpty(&state, running: running.load(ordering: .acquiring))
    }
    action?()
  }

  func handlerBegan() { running.wrappingAdd(1, ordering: .relaxed) }

  func handlerEnded() {
    guard running.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
    // The last one running: somebody who drains may be waiting for it.
    let action = state.withLock { ConnectionCensus.whenEmpty(&$0, running: running.load(ordering: .acquiring)) }
    action?()
  }

  /// Calls `action` once, as soon as no connection is open and no handler runs.
  func onceEmpty(_ action: @escaping @Sendable () -> Void) {
    let action = state.withLock { state -> (@Sendable () -> Void)? in
      state.whenEmpty = action
      return ConnectionCensus.whenEmpty(&state, running: running.load(ordering: .acquiring))
    }
    action?()
  }

  private static func whenEmpty(_ state: inout State, running: Int) -> (@Sendable () -> Void)? {
    guard state.open == 0, running == 0 else { return nil }
    defer { state.whenEmpty = nil }
    return state.whenEmpty
  }

  /// What the limit per address counts by; nil for those that it spares.
  private func countedNetwork(_ peer: IPAddress) -> IPAddress? {
    if limits.connectionsPerAddress == nil || peer.isLoopback || trustedProxies.contains(peer) { return nil }
    return peer.isIPv4 ? peer : peer.masked(to: 64)
  }
}
