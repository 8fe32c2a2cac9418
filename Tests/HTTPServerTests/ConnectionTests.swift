import Testing

@testable import HTTPServer

private let get = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n"

@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
  @Test func aRequestIsAnsweredAndTheConnectionStays() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send(get)
      let first = await client.receive("hello")
      #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(first.header("content-length") == "5")
      #expect(first.header("connection") == nil)
      #expect(first.header("cache-control") == "no-store")
      #expect(first.header("x-content-type-options") == "nosniff")
      #expect(first.header("date")?.hasSuffix("GMT") == true)
      await client.send(get)
      let both = await client.receive { $0.count(of: "hello") == 2 }
      #expect(both.count(of: "200 OK") == 2)
      try await client.close()
    }
  }

  @Test func connectionCloseIsHonoured() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let answer = await client.receiveAll()
      #expect(answer.header("connection") == "close")
      #expect(answer.bodyOfAnswer == "hello")
    }
  }

  @Test func anHTTP10ClientIsAnsweredAndClosed() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /hello HTTP/1.0\r\n\r\n")
      #expect(await client.receiveAll().bodyOfAnswer == "hello")
      let keeping = try await RawClient.connect(port)
      await keeping.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      #expect(await keeping.receive("hello").header("connection") == "keep-alive")
      try await keeping.close()
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    var routes = Routes.examples
    let gate = Gate()
    routes.on(.GET, "/slow") { _ in
      await gate.wait()
      return .text("slow")
    }
    try await withServer(routes) { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + get + "GET /items/7 HTTP/1.1\r\nHost: x\r\n\r\n")
      gate.open()
      let answers = await client.receive("item 7")
      let slow = try #require(answers.firstRange(of: "slow"))
      let hello = try #require(answers.firstRange(of: "hello"))
      let item = try #require(answers.firstRange(of: "item 7"))
      #expect(slow.lowerBound < hello.lowerBound && hello.lowerBound < item.lowerBound)
      try await client.close()
    }
  }

  @Test func moreThanTheLimitOfPipelinedRequestsIsDroppedAndClosed() async throws {
    try await withServer(configure: { $0.limits.pipelinedRequests = 4 }) { port in
      let client = try await RawClient.connect(port)
      await client.send(String(repeating: get, count: 50))
      let answers = await client.receiveAll()
      #expect(answers.count(of: "200 OK") == 5)
      #expect(answers.count(of: "Connection: close") == 1)
    }
  }

  @Test func manyPipelinedRequestsWithinTheLimitAreAllAnswered() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send(String(repeating: get, count: 60))
      #expect(await client.receive { $0.count(of: "\r\n\r\nhello") == 60 }.count(of: "200 OK") == 60)
      try await client.close()
    }
  }

  @Test func aHalfClosedClientStillGetsItsAnswer() async throws {
    var routes = Routes()
    let gate = Gate()
    routes.on(.GET, "/slow") { _ in
      await gate.wait()
      return .text("slow")
    }
    try await withServer(routes) { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
      try await client.closeOutput()
      gate.open()
      #expect(await client.receiveAll().bodyOfAnswer == "slow")
    }
  }

  @Test func aClientThatIsGoneHarmsNobody() async throws {
    var routes = Routes.examples
    let gate = Gate()
    let began = Gate()
    routes.on(.GET, "/slow") { _ in
      began.open()
      await gate.wait()
      return .text("slow")
    }
    try await withServer(routes) { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
      await began.wait()
      try await client.close()
      gate.open()
      let other = try await RawClient.connect(port)
      await other.send(get)
      #expect(await other.receive("hello").contains("200 OK"))
      try await other.close()
    }
  }

  @Test func anExpectedContinueIsSent() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
      #expect(await client.receive("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      await client.send("{}")
      #expect(await client.receive("{}").contains("HTTP/1.1 201 Created"))
      try await client.close()
    }
  }

  @Test func headIsAnsweredWithoutABody() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send("HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let answer = await client.receiveAll()
      #expect(answer.header("content-length") == "5")
      #expect(answer.bodyOfAnswer.isEmpty)
    }
  }

  @Test func chunkedBodiesArrive() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
      await client.send("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
      #expect(await client.receiveAll().bodyOfAnswer == "abcde")
    }
  }

  @Test func anUpgradeIsNotFollowedAndEndsTheConnection() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
      let answer = await client.receiveAll()
      #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
      #expect(answer.header("connection") == "close")
    }
  }

  @Test func anAnswerLargerThanTheSocketArrivesWhole() async throws {
    var routes = Routes()
    routes.on(.GET, "/large") { _ in .json(bytes: [UInt8](repeating: 0x61, count: 5_000_000)) }
    try await withServer(routes) { port in
      let client = try await RawClient.connect(port)
      try await client.stopReading()
      await client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", count: 3))
      try await client.closeOutput()
      try await client.resumeReading()
      let answers = await client.receiveAll()
      #expect(answers.count(of: "200 OK") == 3)
      #expect(answers.utf8.count > 15_000_000)
    }
  }
}
