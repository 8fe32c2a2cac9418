import ChatDomain
import HTTPServer
import Metrics
import NIOCore
import Synchronization

/// The event-stream channel: writes what the push role publishes to the open streams.
///
/// A stream is an entry in one table, without a task or a timer of its own. It ends when its client goes, its token expires, its client reads too slowly, another
/// stream of its device replaces it, or the server drains.
public final class StreamChannel: Sendable {
  private struct State {
    var connections: [ConnectionID: StreamConnection] = [:]
    var lastNumber: UInt64 = 0
    var owner: (any PushOwner)?
    var isDraining = false
    /// Sweeps so far.
    var sweeps: UInt64 = 0
    var cancelSweep: (@Sendable () -> Void)?
  }

  private let settings: StreamSettings
  private let runner: any SerialRunner
  private let metrics: StreamMetrics
  private let state = Mutex(State())

  /// - Parameter runner: for the one sweep over all streams, once a second.
  public init(settings: StreamSettings = StreamSettings(), runner: any SerialRunner, metrics: MetricsRegistry) {
    self.settings = settings
    self.runner = runner
    self.metrics = StreamMetrics(metrics)
  }

  /// Ties the channel to the push role that publishes on it, and starts the sweep. Once, before the first stream.
  public func start(owner: any PushOwner) {
    state.withLock { $0.owner = owner }
    scheduleSweep()
  }

  /// Streams that are open.
  public var openCount: Int { state.withLock { $0.connections.count } }

  /// Whether new streams are refused because the server drains.
  var isDraining: Bool { state.withLock { $0.isDraining } }

  var owner: (any PushOwner)? { state.withLock { $0.owner } }

  /// Ends every stream with `bye`; new ones are refused from now on.
  public func drain() {
    let (all, cancel) = state.withLock { state in
      defer { (state.connections, state.cancelSweep) = ([:], nil) }
      state.isDraining = true
      return (state.connections, state.cancelSweep)
    }
    cancel?()
    metrics.open.add(-all.count)
    for connection in all.values { connection.stream.close(final: StreamFrames.bye("draining")) }
  }

  // MARK: - Streams come and go

  /// A stream has been opened; it hears `begin` or is cut.
  /// - Parameter expiresAt: monotonic nanoseconds.
  func opened(_ stream: EventStream, user: UserID, device: DeviceID, expiresAt: UInt64, resuming: BaseLine?) {
    let (id, owner) = state.withLock { state -> (ConnectionID?, (any PushOwner)?) in
      if state.isDraining { return (nil, nil) }
      state.lastNumber += 1
      let id = ConnectionID(number: state.lastNumber)
      state.connections[id] = StreamConnection(user: user, device: device, stream: stream, expiresAt: expiresAt)
      return (id, state.owner)
    }
    guard let id, let owner else { return stream.close(final: StreamFrames.bye("draining")) }
    metrics.open.add(1)
    owner.opened(id, .stream, user: user, device: device, resuming: resuming)
    stream.onClose { [weak self] in self?.forget(id) }
  }

  /// The stream is gone, or is to be: the owner is told.
  @discardableResult
  private func forget(_ id: ConnectionID) -> StreamConnection? {
    let (connection, owner) = state.withLock { ($0.connections.removeValue(forKey: id), $0.owner) }
    guard let connection else { return nil }
    metrics.open.add(-1)
    owner?.closed(id, .stream, user: connection.user, device: connection.device)
    return connection
  }

  /// Writes a frame. A reader that is too slow is cut off: it reconnects, and continues by its last event or reads again.
  private func send(_ frame: ByteBuffer, to id: ConnectionID, _ stream: EventStream) {
    switch stream.send(frame) {
    case .accepted: break
    case .overrun:
      metrics.slowReaders.add()
      forget(id)?.stream.close()
    case .closed: forget(id)
    }
  }

  private func stream(_ id: ConnectionID) -> EventStream? { state.withLock { $0.connections[id]?.stream } }

  private func streams(of audience: Audience) -> [(id: ConnectionID, stream: EventStream)] {
    state.withLock { state in
      audience.connections.compactMap { id in state.connections[id].map { (id, $0.stream) } }
    }
  }

  // MARK: - The sweep

  private func scheduleSweep() {
    let cancel = runner.run(at: runner.now + 1_000_000_000) { [weak self] in self?.sweep() }
    let isTooLate = state.withLock { state in
      state.cancelSweep = cancel
      return state.isDraining
    }
    if isTooLate { cancel() }
  }

  /// Once a second: ends streams whose token has expired, and writes a heartbeat to the part of the streams whose turn it is, so that each hears one in
  /// every period and they do not all come at once.
  private func sweep() {
    let now = runner.now
    let period = UInt64(max(1, settings.heartbeatSeconds))
    var expired: [ConnectionID] = []
    var quiet: [(ConnectionID, EventStream)] = []
    state.withLock { state in
      state.sweeps += 1
      let turn = state.sweeps % period
      for (id, connection) in state.connections {
        if connection.expiresAt <= now {
          expired.append(id)
        } else if id.number % period == turn {
          quiet.append((id, connection.stream))
        }
      }
    }
    for id in expired {
      metrics.expired.add()
      forget(id)?.stream.close()
    }
    for (id, stream) in quiet { send(StreamFrames.heartbeat, to: id, stream) }
    if !isDraining { scheduleSweep() }
  }
}

extension StreamChannel: PushChannel {
  public var name: ChannelName { .stream }

  public func publish(_ publication: Publication) -> PublishOutcome? {
    let streams = streams(of: publication.audience)
    guard !streams.isEmpty else { return .published }
    let frame = StreamFrames.news(
      publication.aggregate, epoch: publication.ticket.base.epoch, for: publication.ticket.recipient)
    for (id, stream) in streams { send(frame, to: id, stream) }
    let now = runner.now
    for item in publication.aggregate.items where item.acceptedAt > 0 && item.acceptedAt <= now {
      metrics.latency.recordNanoseconds(now - item.acceptedAt)
    }
    return .published
  }

  public func announce(_ base: BaseLine, to audience: Audience) {
    let frame = StreamFrames.resync(base)
    for (id, stream) in streams(of: audience) { send(frame, to: id, stream) }
  }

  public func hint(_ receipt: ReadMark, to audience: Audience) {
    let frame = StreamFrames.read(receipt)
    for (id, stream) in streams(of: audience) { send(frame, to: id, stream) }
  }

  public func begin(_ connection: ConnectionID, at base: BaseLine, with beginning: Beginning) {
    guard let opened = state.withLock({ $0.connections[connection] }) else { return }
    send(StreamFrames.ready(base), to: connection, opened.stream)
    switch beginning {
    case .fresh: break
    // At the place of `ready`: one catch-up for both.
    case .resync: send(StreamFrames.resync(base), to: connection, opened.stream)
    case .replay(let missed):
      for aggregate in missed {
        send(
          StreamFrames.news(aggregate, epoch: base.epoch, for: opened.user), to: connection, opened.stream)
      }
    }
  }

  public func cut(_ connection: ConnectionID, because reason: CutReason) {
    guard let cut = state.withLock({ $0.connections.removeValue(forKey: connection) }) else { return }
    metrics.open.add(-1)
    let text =
      switch reason {
      case .replaced: "replaced"
      case .tooManyDevices: "too_many_streams"
      case .ended: "ended"
      }
    cut.stream.close(final: StreamFrames.bye(text))
  }
}
