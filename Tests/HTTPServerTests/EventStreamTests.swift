import Metrics
import NIOCore
import NIOEmbedded
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(1)))
struct EventStreamTests {
  private func streaming(_ streams: StreamBox) -> Routes {
    var routes = Routes.examples
    routes.on(.GET, "/stream") { _ in .eventStream { streams.add($0) } }
    return routes
  }

  private let get = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test func framesArriveInOrderAfterTheHead() async throws {
    let streams = StreamBox()
    try await withServer(streaming(streams)) { port in
      let client = try await RawClient.connect(port)
      await client.send(get)
      await streams.waitForFirst()
      let stream = streams.all[0]
      for index in 0..<1000 { #expect(stream.send(ByteBuffer(string: "data: \(index)\n\n")) == .accepted) }
      stream.close(final: ByteBuffer(string: "data: end\n\n"))
      #expect(stream.send(ByteBuffer(string: "late")) == .closed)
      let answer = await client.receiveAll()
      #expect(answer.header("content-type") == "text/event-stream")
      #expect(answer.header("cache-control") == "no-cache, no-transform")
      #expect(answer.header("x-accel-buffering") == "no")
      #expect(answer.header("content-length") == nil)
      let expected = (0..<1000).map { "data: \($0)\n\n" }.joined() + "data: end\n\n"
      #expect(answer.bodyOfAnswer == expected)
    }
  }

  @Test func aClientThatGoesIsNoticed() async throws {
    let streams = StreamBox()
    try await withServer(streaming(streams)) { port in
      let client = try await RawClient.connect(port)
      await client.send(get)
      await streams.waitForFirst()
      let closed = Gate()
      streams.all[0].onClose { closed.open() }
      try await client.close()
      await closed.wait()
      #expect(streams.all[0].isClosed)
      #expect(streams.all[0].send(ByteBuffer(string: "x")) == .closed)
    }
  }

  @Test func aClientThatOnlyStopsSendingCountsAsGone() async throws {
    let streams = StreamBox()
    try await withServer(streaming(streams)) { port in
      let client = try await RawClient.connect(port)
      await client.send(get)
      await streams.waitForFirst()
      let closed = Gate()
      streams.all[0].onClose { closed.open() }
      try await client.closeOutput()
      await closed.wait()
    }
  }

  @Test func aSlowReaderOverrunsAndCanBeCutOff() async throws {
    let streams = StreamBox()
    try await withServer(streaming(streams)) { port in
      let client = try await RawClient.connect(port)
      await client.send(get)
      await streams.waitForFirst()
      try await client.stopReading()
      let stream = streams.all[0]
      let frame = ByteBuffer(string: String(repeating: "x", count: 32 * 1024))
      var delivery = EventStream.Delivery.accepted
      // The kernel takes some megabytes; then what is not taken adds up here, and no further than the limit.
      while delivery == .accepted {
        delivery = stream.send(frame)
        await Task.yield()
      }
      #expect(delivery == .overrun)
      #expect(stream.outstandingBytes <= 256 * 1024)
      let closed = Gate()
      stream.onClose { closed.open() }
      stream.abort()
      await closed.wait()
    }
  }

  @Test func theClientMaySendAnythingMeanwhile() async throws {
    let streams = StreamBox()
    try await withServer(streaming(streams)) { port in
      let client = try await RawClient.connect(port)
      await client.send(get + get)
      await streams.waitForFirst()
      await client.send(String(repeating: "nonsense\r\n", count: 10_000))
      _ = streams.all[0].send(ByteBuffer(string: "data: 1\n\n"))
      #expect(await client.receive("data: 1").count(of: "HTTP/1.1 200") == 1)
      #expect(streams.all.count == 1)
      try await client.close()
    }
  }

  @Test func aStreamWhoseClientWentBeforeIsOpenedClosed() async throws {
    let streams = StreamBox()
    var routes = Routes()
    let gate = Gate()
    let began = Gate()
    routes.on(.GET, "/stream") { _ in
      began.open()
      await gate.wait()
      return .eventStream { streams.add($0) }
    }
    let metrics = MetricsRegistry()
    try await withServer(routes, metrics: metrics) { port in
      let client = try await RawClient.connect(port)
      await client.send(get)
      await began.wait()
      try await client.close()
      gate.open()
      await streams.waitForFirst()
      let closed = Gate()
      streams.all[0].onClose { closed.open() }
      await closed.wait()
    }
    #expect(metrics.render().contains("http_connections_open 0\n"))
  }

  @Test func headOfAStreamOpensNone() async throws {
    let streams = StreamBox()
    try await withServer(streaming(streams)) { port in
      let client = try await RawClient.connect(port)
      await client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      #expect(await client.receiveAll().header("content-type") == "text/event-stream")
      await streams.waitForFirst()
      #expect(streams.all[0].isClosed)
    }
  }

  @Test func sendsFromManyThreadsKeepEachOnesOrder() async throws {
    let channel = NIOAsyncTestingChannel()
    try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
    let stream = EventStream(channel: channel)
    await withTaskGroup(of: Void.self) { group in
      for sender in 0..<4 {
        group.addTask { for index in 0..<100 { _ = stream.send(ByteBuffer(string: "\(sender):\(index)\n")) } }
      }
    }
    await channel.testingEventLoop.run()
    var text = ""
    while let part = try await channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
    for sender in 0..<4 {
      let own = text.split(separator: "\n").filter { $0.hasPrefix("\(sender):") }.map(String.init)
      #expect(own == (0..<100).map { "\(sender):\($0)" })
    }
    #expect(stream.outstandingBytes == 0)
  }
}
