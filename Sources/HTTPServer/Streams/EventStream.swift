import NIOCore
import Synchronization

/// One open event stream. Nothing runs for it while it is idle: no task, no timer.
///
/// Every method may be called from any thread and returns at once. Frames leave in the order of the calls to `send`.
public final class EventStream: Sendable {
  /// What became of a frame.
  public enum Delivery: Sendable, Equatable {
    /// Queued; it will leave unless the connection breaks.
    case accepted
    /// Not queued: the client reads too slowly. The stream is still open; whoever owns it decides.
    case overrun
    /// Not queued: the stream is closed or closing.
    case closed
  }

  private enum Phase { case open, closing, closed }

  private struct State {
    var phase = Phase.open
    /// Frames that no drain has taken yet.
    var waiting: [ByteBuffer] = []
    /// Bytes of frames that the socket has not taken yet.
    var outstanding = 0
    var drainIsScheduled = false
    var onClose: (@Sendable () -> Void)?
  }

  /// How long a closing stream may take to write what is left.
  static let closingLimit = TimeAmount.seconds(5)

  /// The loop of the connection; `send` from there saves a wake-up.
  public var eventLoop: any EventLoop { channel.eventLoop }
  /// Above so many bytes that the socket has not taken, `send` says `.overrun`.
  public let outstandingLimit: Int

  private let channel: any Channel
  private let state: Mutex<State>

  /// A stream over any channel that takes bytes; tests use an embedded one.
  public convenience init(channel: any Channel, outstandingLimit: Int = 256 * 1024) {
    self.init(serving: channel, outstandingLimit: outstandingLimit)
    channel.closeFuture.whenComplete { [self] _ in channelClosed() }
  }

  /// Whoever handles the channel calls `channelClosed`: saves what a callback of the close future costs for every idle stream.
  init(serving channel: any Channel, outstandingLimit: Int) {
    self.channel = channel
    self.outstandingLimit = outstandingLimit
    state = Mutex(State())
  }

  /// A stream whose client went before it began.
  init(closed channel: any Channel) {
    self.channel = channel
    outstandingLimit = 0
    state = Mutex(State(phase: .closed))
  }

  public var isClosed: Bool { state.withLock { $0.phase == .closed } }

  /// Bytes that the socket has not taken yet.
  public var outstandingBytes: Int { state.withLock { $0.outstanding } }

  /// Queues a frame, which must be smaller than the limit (`event: …\ndata: …\n\n`). The buffer is not copied: one frame may go to many streams.
  public func send(_ frame: ByteBuffer) -> Delivery {
    let (delivery, mustDrain) = state.withLock { state -> (Delivery, Bool) in
      guard state.phase == .open else { return (.closed, false) }
      let outstanding = state.outstanding + frame.readableBytes
      guard outstanding <= outstandingLimit else { return (.overrun, false) }
      state.outstanding = outstanding
      return (.accepted, EventStream.enqueue(frame, in: &state))
    }
    if mustDrain { scheduleDrain() }
    return delivery
  }

  /// Ends the stream after what was accepted, and after `final`, which no limit refuses. What the client has not taken within five seconds is
  /// dropped.
  public func close(final: ByteBuffer? = nil) {
    let mustDrain = state.withLock { state -> Bool in
      guard state.phase == .open else { return false }
      state.phase = .closing
      let frame = final ?? ByteBuffer()
      state.outstanding += frame.readableBytes
      return EventStream.enqueue(frame, in: &state)
    }
    if mustDrain { scheduleDrain() }
  }

  /// Breaks the connection at once.
  public func abort() { channel.close(promise: nil) }

  /// Calls `action` once, when the connection has gone, whoever ended it; at once when it has gone already. On the event loop, or on the
  /// caller's thread when it is too late. A second call replaces the first one's action.
  public func onClose(_ action: @escaping @Sendable () -> Void) {
    let isTooLate = state.withLock { state -> Bool in
      if state.phase == .closed { return true }
      state.onClose = action
      return false
    }
    if isTooLate { action() }
  }

  /// - Returns: whether the caller must see to a drain.
  private static func enqueue(_ frame: ByteBuffer, in state: inout State) -> Bool {
    state.waiting.append(frame)
    if state.drainIsScheduled { return false }
    state.drainIsScheduled = true
    return true
  }

  private func scheduleDrain() {
    if eventLoop.inEventLoop { drain() } else { eventLoop.execute { self.drain() } }
  }

  /// Takes all that waits, also what other threads queued: so the order is that of the queue, and there is one flush for all.
  private func drain() {
    let (frames, isLast) = state.withLock { state -> ([ByteBuffer], Bool) in
      state.drainIsScheduled = false
      defer { state.waiting = [] }
      return (state.waiting, state.phase == .closing)
    }
    guard let last = frames.last else { return }
    let bytes = frames.reduce(0) { $0 + $1.readableBytes }
    let written = eventLoop.makePromise(of: Void.self)
    written.futureResult.whenComplete { _ in
      self.state.withLock { $0.outstanding -= bytes }
    }
    for frame in frames.dropLast() { channel.write(frame, promise: nil) }
    channel.writeAndFlush(last, promise: written)
    if isLast { finish(after: written.futureResult) }
  }

  private func finish(after written: EventLoopFuture<Void>) {
    let channel = channel
    let limit = eventLoop.scheduleTask(in: EventStream.closingLimit) { channel.close(promise: nil) }
    written.whenComplete { _ in
      limit.cancel()
      channel.close(promise: nil)
    }
  }

  func read() { channel.read() }

  func channelClosed() {
    let action = state.withLock { state -> (@Sendable () -> Void)? in
      state.phase = .closed
      state.waiting = []
      defer { state.onClose = nil }
      return state.onClose
    }
    action?()
  }
}
