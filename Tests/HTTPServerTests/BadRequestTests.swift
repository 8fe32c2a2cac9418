import HTTPServer
import Testing

/// What is refused, and how: always a problem, never a 500, and the connection ends where the stream cannot be trusted any more.
@Suite(.timeLimit(.minutes(1)))
struct BadRequestTests {
  /// Sends `text` on a fresh connection and returns all that comes back.
  private func exchange(
    _ text: String, configure: (inout ServerConfiguration) -> Void = { _ in }, halfClose: Bool = false
  ) async throws -> String {
    try await withServer(configure: configure) { port in
      let client = try await RawClient.connect(port)
      await client.send(text)
      if halfClose { try await client.closeOutput() }
      return await client.receiveAll()
    }
  }

  private func expect(_ answer: String, _ status: Int, _ code: String, closing: Bool = true) {
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(300))")
    #expect(answer.header("content-type") == "application/problem+json")
    #expect(answer.contains("\"type\":\"/problems/\(code)\""))
    #expect(answer.contains("\"status\":\(status)"))
    if let id = answer.header("x-request-id") {
      #expect(answer.contains("\"request_id\":\"\(id)\""))
    } else {
      Issue.record("no request id")
    }
    if closing { #expect(answer.header("connection") == "close") }
  }

  @Test(arguments: [
    "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\u{FC}", "hello\r\n\r\n", "GET\r\n\r\n", "GET /hello\r\n\r\n",
    "GET /hello HTTP/1.1\r\nHost x\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n",
    "GET /hello HTTP/1.1\r\nHost: x\r\n: c\r\n\r\n", "GET /hello HTTP/2.0\r\nHost: x\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /hello HTTP/1.1\r\nHost : x\r\n\r\n",
    "GET /hello HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
  ])
  func whatIsNoHTTPIsRefused(text: String) async throws {
    expect(try await exchange(text), 400, "invalid_request")
  }

  @Test(arguments: [
    "GET /hello HTTP/1.1\r\n\r\n", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "GET /hello HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
  ])
  func aMissingOrDoubleHostIsRefused(text: String) async throws {
    expect(try await exchange(text), 400, "invalid_request")
  }

  @Test(arguments: [
    "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
    "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5, 5",
    "Content-Length: -1", "Content-Length: +5", "Content-Length: 0x5", "Content-Length: 99999999999999999999",
    "Content-Length:", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity",
    "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding:\u{b}chunked",
  ])
  func twoWaysToReadABodyAreRefused(fields: String) async throws {
    let smuggled = "0\r\n\r\nGET /items/1 HTTP/1.1\r\nHost: x\r\n\r\n"
    let answer = try await exchange("POST /echo HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n\(smuggled)")
    expect(answer, 400, "invalid_request")
    #expect(answer.count(of: "HTTP/1.1 ") == 1)
  }

  @Test func chunkedIsRefusedInHTTP10() async throws {
    let answer = try await exchange("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
    expect(answer, 400, "invalid_request")
  }

  @Test(arguments: ["zz\r\nab\r\n0\r\n\r\n", "2\r\nabc\r\n0\r\n\r\n", "-2\r\nab\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\n"])
  func badChunksAreRefused(body: String) async throws {
    let answer = try await exchange("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
    expect(answer, 400, "invalid_request")
  }

  @Test func headersOfAHundredKilobytesAreRefused() async throws {
    let long = String(repeating: "a", count: 100_000)
    expect(try await exchange("GET /hello HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n"), 431, "headers_too_large")
    expect(try await exchange("GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n"), 431, "headers_too_large")
    let many = String(repeating: "X-A: 1\r\n", count: 12_000)
    expect(try await exchange("GET /hello HTTP/1.1\r\nHost: x\r\n\(many)\r\n"), 431, "headers_too_large")
  }

  @Test func headersJustAboveTheLimitAreRefusedAndJustBelowAccepted() async throws {
    func request(_ count: Int) -> String {
      "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: \(String(repeating: "a", count: count))\r\n\r\n"
    }
    expect(try await exchange(request(16_400)), 431, "headers_too_large")
    #expect(try await exchange(request(16_200)).hasPrefix("HTTP/1.1 200"))
  }

  @Test func aBodyAboveTheLimitIsRefusedBeforeItIsSent() async throws {
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\nExpect: 100-continue\r\n\r\n"
    expect(try await exchange(head), 413, "too_large")
  }

  @Test func aChunkedBodyAboveTheLimitIsRefused() async throws {
    let chunk = "8000\r\n" + String(repeating: "a", count: 0x8000) + "\r\n"
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    expect(try await exchange(head + chunk + chunk + chunk), 413, "too_large")
  }

  @Test func aBodyOfExactlyTheLimitIsAccepted() async throws {
    let body = String(repeating: "a", count: 65536)
    let answer = try await exchange(
      "POST /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 65536\r\n\r\n\(body)")
    #expect(answer.hasPrefix("HTTP/1.1 201"))
    #expect(answer.bodyOfAnswer.utf8.count == 65536)
  }

  @Test func endlessTrailersAndChunkExtensionsAreRefused() async throws {
    let head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    let trailers = String(repeating: "X-Trailer: 1234567890\r\n", count: 40_000)
    expect(try await exchange(head + "0\r\n" + trailers), 413, "too_large")
    let extended = String(repeating: "1;x=\(String(repeating: "y", count: 1000))\r\na\r\n", count: 1_000)
    expect(try await exchange(head + extended), 413, "too_large")
  }

  @Test func aClientThatSendsOnAfterARefusalIsCutOff() async throws {
    try await withServer { port in
      let client = try await RawClient.connect(port)
      await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
      let answer = await client.receive("request_id")
      expect(answer, 413, "too_large")
      for _ in 0..<64 { await client.send(String(repeating: "a", count: 64 * 1024)) }
      _ = await client.receiveAll()
    }
  }

  @Test func aTruncatedBodyIsRefused() async throws {
    let answer = try await exchange(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc", halfClose: true)
    expect(answer, 400, "invalid_request")
  }

  @Test func aTruncatedHeadIsRefused() async throws {
    expect(try await exchange("GET /hello HTTP/1.1\r\nHo", halfClose: true), 400, "invalid_request")
  }

  @Test(arguments: ["GET /%zz", "GET /items/%", "GET /items/%4", "GET /items/%ff", "GET /items/%00", "GET /page?a=%zz"])
  func badPercentEncodingIsRefused(line: String) async throws {
    let answer = try await exchange("\(line) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    expect(answer, 400, "invalid_request")
  }

  @Test(arguments: [
    "/page?quantity=abc", "/page?quantity=0", "/page?quantity=101", "/page?quantity=", "/page?quantity=+5",
    "/page?quantity=5&quantity=6", "/page?quantity=99999999999999999999",
  ])
  func aBadParameterIsNamed(target: String) async throws {
    let answer = try await exchange("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    expect(answer, 400, "invalid_request")
    #expect(answer.contains("quantity "))
  }

  @Test func unknownMethodsAndTunnelsAreRefused() async throws {
    for line in ["BREW /hello", "TRACE /hello", "CONNECT example.org:443", "PROPFIND /hello", "get /hello"] {
      let answer = try await exchange("\(line) HTTP/1.1\r\nHost: x\r\n\r\n")
      if line.hasPrefix("get") {
        expect(answer, 400, "invalid_request")
      } else {
        expect(answer, 405, "method_not_allowed")
        #expect(answer.header("allow") == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
      }
    }
  }

  @Test func unknownPathsAndWrongMethodsAreTold() async throws {
    let close = "HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    expect(try await exchange("GET /nowhere \(close)"), 404, "not_found")
    expect(try await exchange("GET /hello/ \(close)"), 404, "not_found")
    let answer = try await exchange("DELETE /hello \(close)")
    expect(answer, 405, "method_not_allowed")
    #expect(answer.header("allow") == "GET, HEAD, OPTIONS")
  }

  @Test(arguments: ["GET http://x/hello", "GET HTTP://example.org:80/hello?a=b"])
  func absoluteTargetsAreUnderstood(line: String) async throws {
    let answer = try await exchange("\(line) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    #expect(answer.bodyOfAnswer == "hello")
  }

  @Test func anErrorOfOursIsNotExplained() async throws {
    let answer = try await exchange("GET /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    expect(answer, 500, "internal")
    #expect(answer.contains("\"detail\":\"\""))
  }

  @Test func requestIdsAreTakenOverWhenWellFormed() async throws {
    func answer(_ id: String) async throws -> String? {
      try await exchange("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: \(id)\r\n\r\n")
        .header("x-request-id")
    }
    #expect(try await answer("abc-DEF_1.2") == "abc-DEF_1.2")
    for bad in ["a b", "<script>", String(repeating: "a", count: 65), ""] {
      let made = try #require(try await answer(bad))
      #expect(made != bad && made.count == 15)
    }
  }
}
