import Metrics
import TestSupport
import Testing

@testable import HTTPServer

/// Limits on time and on connections; the limits are small here, and the tests wait for what the server does.
@Suite(.timeLimit(.minutes(1)))
struct LimitTests {
  @Test func aHeadThatDoesNotEndIsTimedOut() async throws {
    try await withServer(configure: { $0.limits.arrivalTime = .milliseconds(100) }) { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /hello HTTP/1.1\r\nHost: ")
      let answer = await client.receiveAll()
      #expect(answer.hasPrefix("HTTP/1.1 408 "))
      #expect(answer.contains("/problems/timeout"))
    }
  }

  @Test func aBodyThatDoesNotEndIsTimedOut() async throws {
    try await withServer(configure: { $0.limits.arrivalTime = .milliseconds(100) }) { port in
      let client = try await RawClient.connect(port)
      await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
      #expect(await client.receiveAll().hasPrefix("HTTP/1.1 408 "))
    }
  }

  @Test func aClientThatDripsIsTimedOutAllTheSame() async throws {
    try await withServer(configure: { $0.limits.arrivalTime = .milliseconds(100) }) { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /hello HTTP/1.1\r\n")
      async let answer = client.receiveAll()
      for index in 0..<50 { await client.send("X-\(index): drip\r\n") }
      #expect(await answer.hasPrefix("HTTP/1.1 408 "))
    }
  }

  @Test func aConnectionThatSaysNothingIsClosedSilently() async throws {
    try await withServer(configure: { $0.limits.idleTime = .seconds(1) }) { port in
      let client = try await RawClient.connect(port)
      #expect(await client.receiveAll().isEmpty)
    }
  }

  @Test func anIdleConnectionIsClosed() async throws {
    try await withServer(configure: { $0.limits.idleTime = .seconds(1) }) { port in
      let client = try await RawClient.connect(port, sending: "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(await client.receiveAll().bodyOfAnswer == "hello")
    }
  }

  @Test func aClientThatDoesNotReadItsAnswerIsCutOff() async throws {
    var routes = Routes()
    let size = 30_000_000
    let asked = Gate()
    routes.on(.GET, "/large") { _ in
      asked.open()
      return .json(bytes: [UInt8](repeating: 0x61, count: size))
    }
    let metrics = MetricsRegistry()
    try await withServer(routes, configure: { $0.limits.answerTime = .milliseconds(100) }, metrics: metrics) { port in
      let client = try await RawClient.connect(port)
      try await client.stopReading()
      await client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
      await asked.wait()
      try await wait { metrics.render().contains("http_connections_open 0\n") }
      try await client.resumeReading()
      #expect(await client.receiveAll().utf8.count < size)
    }
  }

  @Test func aHandlerMayTakeItsTime() async throws {
    var routes = Routes()
    let gate = Gate()
    routes.on(.GET, "/slow") { _ in
      await gate.wait()
      return .text("slow")
    }
    try await withServer(
      routes,
      configure: {
        $0.limits.idleTime = .seconds(1)
      }
    ) { port in
      let slow = try await RawClient.connect(port, sending: "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
      // Another connection that times out shows that the limit has passed.
      let silent = try await RawClient.connect(port)
      _ = await silent.receiveAll()
      gate.open()
      #expect(await slow.receiveAll().bodyOfAnswer == "slow")
    }
  }

  @Test func tooManyConnectionsAreToldSo() async throws {
    let metrics = MetricsRegistry()
    try await withServer(configure: { $0.limits.connections = 2 }, metrics: metrics) { port in
      let first = try await RawClient.connect(port)
      let second = try await RawClient.connect(port)
      for client in [first, second] {
        await client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(await client.receive("hello").contains("200 OK"))
      }
      let third = try await RawClient.connect(port)
      let answer = await third.receiveAll()
      #expect(answer.hasPrefix("HTTP/1.1 503 "))
      #expect(answer.header("retry-after") != nil)
      #expect(answer.header("connection") == "close")
      try await first.close()
      // The place is free as soon as the server has noticed: ask until it has.
      var isIn = false
      while !isIn {
        let fourth = try await RawClient.connect(port)
        await fourth.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        isIn = await fourth.receiveAll().contains("200 OK")
      }
      try await second.close()
    }
    let text = metrics.render()
    #expect(text.contains("http_connections_open 0\n"))
    #expect(!text.contains("http_connections_refused_total 0\n"))
  }

  @Test func requestsAreCountedByRoute() async throws {
    let metrics = MetricsRegistry()
    try await withServer(metrics: metrics) { port in
      for path in ["/items/1", "/items/2", "/items/x", "/nowhere"] {
        let client = try await RawClient.connect(port)
        await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        _ = await client.receiveAll()
      }
    }
    let text = metrics.render()
    #expect(text.contains("http_requests_total{method=\"GET\",route=\"/items/{id}\",status=\"2xx\"} 2\n"))
    #expect(text.contains("http_requests_total{method=\"GET\",route=\"/items/{id}\",status=\"4xx\"} 1\n"))
    #expect(text.contains("http_requests_total{method=\"any\",route=\"none\",status=\"4xx\"} 1\n"))
  }

  @Test func aTrustedProxySaysWhoTheClientIs() async throws {
    let proxy = try #require(AddressBlock("127.0.0.0/8"))
    for (trusted, address) in [([proxy], "198.51.100.9"), ([], "127.0.0.1")] {
      try await withServer(configure: { $0.trustedProxies = TrustedProxies(trusted) }) { port in
        let client = try await RawClient.connect(port)
        await client.send(
          "GET /items/7 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 198.51.100.9\r\nConnection: close\r\n\r\n")
        #expect(await client.receiveAll().bodyOfAnswer == "item 7 from \(address)")
      }
    }
  }
}
