import HTTPServer
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CrossOriginTests {
  private func exchange(_ lines: String, origins: [String]) async throws -> String {
    try await withServer(configure: { $0.allowedOrigins = origins }) { port in
      let client = try await RawClient.connect(port)
      await client.send("\(lines)\r\nHost: x\r\nConnection: close\r\n\r\n")
      return await client.receiveAll()
    }
  }

  private let origins = ["https://chat.example.org"]

  @Test func aConfiguredOriginMayCall() async throws {
    let answer = try await exchange("GET /hello HTTP/1.1\r\nOrigin: https://chat.example.org", origins: origins)
    #expect(answer.header("access-control-allow-origin") == "https://chat.example.org")
    #expect(answer.header("access-control-expose-headers") == "Retry-After, X-Request-Id")
    #expect(answer.header("vary") == "Origin")
  }

  @Test func errorsCanBeReadToo() async throws {
    let answer = try await exchange("GET /nowhere HTTP/1.1\r\nOrigin: https://chat.example.org", origins: origins)
    #expect(answer.hasPrefix("HTTP/1.1 404"))
    #expect(answer.header("access-control-allow-origin") == "https://chat.example.org")
  }

  @Test func anotherOriginIsToldNothing() async throws {
    for origin in ["https://evil.example", "null", "https://chat.example.org.evil.example", "https://CHAT.example.org"]
    {
      let answer = try await exchange("GET /hello HTTP/1.1\r\nOrigin: \(origin)", origins: origins)
      #expect(answer.hasPrefix("HTTP/1.1 200"))
      #expect(!answer.contains("Access-Control"))
      #expect(answer.header("vary") == "Origin")
    }
  }

  @Test func aPreflightIsAnswered() async throws {
    let ask = "OPTIONS /items/7 HTTP/1.1\r\nAccess-Control-Request-Method: GET\r\nOrigin: "
    let answer = try await exchange(ask + "https://chat.example.org", origins: origins)
    #expect(answer.hasPrefix("HTTP/1.1 204 No Content"))
    #expect(answer.header("access-control-allow-origin") == "https://chat.example.org")
    #expect(answer.header("access-control-allow-methods") == "GET, HEAD, OPTIONS")
    #expect(
      answer.header("access-control-allow-headers")
        == "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Caravan-Device")
    #expect(answer.header("access-control-max-age") == "7200")
    #expect(answer.header("content-length") == nil)
    #expect(!(try await exchange(ask + "https://evil.example", origins: origins)).contains("Access-Control"))
  }

  @Test func withoutOriginsNothingVaries() async throws {
    let answer = try await exchange("GET /hello HTTP/1.1\r\nOrigin: https://chat.example.org", origins: [])
    #expect(!answer.contains("Access-Control"))
    #expect(answer.header("vary") == nil)
  }

  @Test func aHeaderCannotBeSmuggledIntoAnAnswer() async throws {
    var routes = Routes()
    routes.on(.GET, "/bad") { _ in
      .empty(.ok, headers: ["X-Bad": "a\r\nSet-Cookie: b", "X Bad": "c", "X-Good": "d"])
    }
    try await withServer(routes) { port in
      let client = try await RawClient.connect(port)
      await client.send("GET /bad HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      let answer = await client.receiveAll()
      #expect(!answer.contains("Cookie") && !answer.contains("X Bad"))
      #expect(answer.header("x-good") == "d")
    }
  }
}
