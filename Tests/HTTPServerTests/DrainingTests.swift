import Logging
import Metrics
import NIOCore
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(1)))
struct DrainingTests {
  private func server(_ routes: Routes, onDrain: @escaping @Sendable () async -> Void = {}) -> HTTPServer {
    var configuration = ServerConfiguration()
    configuration.threads = 1
    configuration.onDrain = onDrain
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return HTTPServer(configuration, routes: routes, metrics: MetricsRegistry(), logger: logger)
  }

  @Test func idleConnectionsAreClosedAndRequestsFinish() async throws {
    var routes = Routes.examples
    let gate = Gate()
    let began = Gate()
    routes.on(.GET, "/slow") { _ in
      began.open()
      await gate.wait()
      return .text("slow")
    }
    let server = server(routes, onDrain: { gate.open() })
    let port = try await server.start()
    let idle = try await RawClient.connect(port)
    await idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
    _ = await idle.receive("hello")
    let busy = try await RawClient.connect(port)
    await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
    await began.wait()
    await server.stop(within: .seconds(5))
    #expect(await idle.receiveAll().count(of: "HTTP/1.1") == 1)
    let answer = await busy.receiveAll()
    #expect(answer.bodyOfAnswer == "slow")
    #expect(answer.header("connection") == "close")
    await #expect(throws: (any Error).self) { try await RawClient.connect(port) }
  }

  @Test func streamsAreEndedByTheirOwnerFirst() async throws {
    let streams = StreamBox()
    var routes = Routes()
    routes.on(.GET, "/stream") { _ in .eventStream { streams.add($0) } }
    let server = server(
      routes, onDrain: { for stream in streams.all { stream.close(final: ByteBuffer(string: "event: bye\n\n")) } })
    let port = try await server.start()
    let client = try await RawClient.connect(port)
    await client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
    await streams.waitForFirst()
    await server.stop(within: .seconds(5))
    #expect(await client.receiveAll().hasSuffix("event: bye\n\n"))
  }

  @Test func whatDoesNotEndIsCutOff() async throws {
    var routes = Routes()
    let gate = Gate()
    let began = Gate()
    routes.on(.GET, "/never") { _ in
      began.open()
      await gate.wait()
      return .text("late")
    }
    let server = server(routes)
    let port = try await server.start()
    let client = try await RawClient.connect(port)
    await client.send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
    await began.wait()
    await server.stop(within: .milliseconds(100))
    #expect(await client.receiveAll().isEmpty)
    gate.open()
  }

  @Test func aSecondStartIsAnError() async throws {
    let server = server(.examples)
    _ = try await server.start()
    await #expect(throws: ServerError.self) { try await server.start() }
    async let first: Void = server.stop()
    async let second: Void = server.stop()
    _ = await (first, second)
  }

  @Test func anAddressInUseIsAnError() async throws {
    let server = server(.examples)
    let port = try await server.start()
    var configuration = ServerConfiguration(port: port)
    configuration.threads = 1
    let other = HTTPServer(
      configuration, routes: Routes(), metrics: MetricsRegistry(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    await #expect(throws: ServerError.self) { try await other.start() }
    await other.stop()
    await server.stop()
  }
}
