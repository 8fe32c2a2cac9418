import NIOCore
import NIOPosix
import Synchronization

/// A TCP client that sends exactly what it is told and keeps everything that comes back.
final class RawClient: Sendable {
  private let channel: any Channel
  private let collector: Collector

  /// - Parameter greeting: sent as soon as the connection is open, however long the test then takes to go on.
  static func connect(_ port: Int, sending greeting: String? = nil) async throws -> RawClient {
    let collector = Collector()
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(ChannelOptions.allowRemoteHalfClosure, value: false)
      .channelInitializer { $0.pipeline.addHandler(CollectingHandler(collector, greeting: greeting)) }
      .connect(host: "127.0.0.1", port: port).get()
    return RawClient(channel, collector)
  }

  private init(_ channel: any Channel, _ collector: Collector) {
    self.channel = channel
    self.collector = collector
  }

  /// Sends text; what cannot be sent any more (the server closed) is of no interest to a test.
  func send(_ text: String) async {
    try? await channel.writeAndFlush(ByteBuffer(string: text)).get()
  }

  func send(bytes: [UInt8]) async {
    try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }

  func closeOutput() async throws { try await channel.close(mode: .output).get() }
  func close() async throws { try await channel.close().get() }

  /// Reads no more until `resumeReading`.
  func stopReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: false).get() }
  func resumeReading() async throws { try await channel.setOption(ChannelOptions.autoRead, value: true).get() }

  /// Everything received so far, once `isEnough` says so or the server has closed.
  func receive(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
    await collector.wait { text, isClosed in isClosed || isEnough(text) }
  }

  func receive(_ text: String) async -> String { await receive { $0.contains(text) } }

  /// Everything up to the server's end of the connection.
  func receiveAll() async -> String { await collector.wait { _, isClosed in isClosed } }
}

final class Collector: Sendable {
  private struct State {
    var text = ""
    var isClosed = false
    var waiting: [(isEnough: @Sendable (String, Bool) -> Bool, continuation: CheckedContinuation<String, Never>)] = []
  }

  private let state = Mutex(State())

  func change(_ bytes: ByteBuffer?, isClosed: Bool) {
    let ready = state.withLock { state in
      if let bytes { state.text += String(buffer: bytes) }
      state.isClosed = state.isClosed || isClosed
      let ready = state.waiting.filter { $0.isEnough(state.text, state.isClosed) }
      state.waiting.removeAll { $0.isEnough(state.text, state.isClosed) }
      return ready.map { ($0.continuation, state.text) }
    }
    for (continuation, text) in ready { continuation.resume(returning: text) }
  }

  func wait(_ isEnough: @escaping @Sendable (String, Bool) -> Bool) async -> String {
    await withCheckedContinuation { continuation in
      let text = state.withLock { state -> String? in
        if isEnough(state.text, state.isClosed) { return state.text }
        state.waiting.append((isEnough, continuation))
        return nil
      }
      if let text { continuation.resume(returning: text) }
    }
  }
}

private final class CollectingHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let collector: Collector
  private let greeting: String?

  init(_ collector: Collector, greeting: String?) {
    self.collector = collector
    self.greeting = greeting
  }

  func channelActive(context: ChannelHandlerContext) {
    if let greeting { context.channel.writeAndFlush(ByteBuffer(string: greeting), promise: nil) }
    context.fireChannelActive()
  }
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    collector.change(unwrapInboundIn(data), isClosed: false)
  }
  func channelInactive(context: ChannelHandlerContext) { collector.change(nil, isClosed: true) }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
