import Foundation
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(1)))
struct StaticFileTests {
  /// A directory with an index, an asset in three encodings, and something hidden.
  private func files() throws -> StaticFiles {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID())")
    try FileManager.default.createDirectory(
      at: directory.appendingPathComponent("app/assets"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in [
      ("index.html", "<!doctype html>"), ("app/assets/app-1a2b.js", "plain"), ("app/assets/app-1a2b.js.br", "brotli"),
      ("app/assets/app-1a2b.js.gz", "gzip"), ("icon.svg", "<svg/>"), (".hidden", "secret"),
      ("app/assets/data.gz", "archive"),
    ] {
      try Data(text.utf8).write(to: directory.appendingPathComponent(name))
    }
    return try StaticFiles(directory: directory.path, connectSources: ["https://auth.example.org"])
  }

  private func responder() throws -> Responder {
    Responder(
      .examples, files: try files(), crossOrigin: CrossOriginPolicy([]), metrics: .init(), logger: .init(label: "test"))
  }

  private func get(_ target: String, _ headers: Headers = [:], method: Method = .GET) async throws -> Response {
    await (try responder()).respond(to: try Request(method, target, headers: headers))
  }

  private func text(_ response: Response) -> String { String(decoding: response.bytes, as: UTF8.self) }

  @Test(arguments: ["/", "/app", "/app/", "/app/chats/7", "/index.html"])
  func thePageIsShownForTheAppsPaths(target: String) async throws {
    let response = try await get(target)
    #expect(text(response) == "<!doctype html>")
    #expect(response.contentType == "text/html; charset=utf-8")
    #expect(response.headers["cache-control"] == "no-cache")
    let policy = try #require(response.headers["content-security-policy"])
    #expect(policy.contains("default-src 'none'"))
    #expect(policy.contains("connect-src 'self' https://auth.example.org;"))
    #expect(policy.contains("frame-ancestors 'none'"))
  }

  @Test(arguments: [
    "/.hidden", "/../etc/passwd", "/app/assets/../index.html", "/%2e%2e/index.html", "/app/assets",
    "/app/assets/", "/nothing.js", "/application", "//index.html", "/app/assets/app-1a2b.js.br",
  ])
  func whatIsNotInTheTableDoesNotExist(target: String) async throws {
    #expect(try await get(target).status == .notFound)
  }

  @Test func routesComeFirst() async throws {
    #expect(text(try await get("/hello")) == "hello")
  }

  @Test func hashedAssetsNeverChange() async throws {
    let response = try await get("/app/assets/app-1a2b.js")
    #expect(response.headers["cache-control"] == "public, max-age=31536000, immutable")
    #expect(response.contentType == "text/javascript; charset=utf-8")
    #expect(response.variesByEncoding)
    #expect(text(try await get("/app/assets/data.gz")) == "archive")
  }

  @Test(arguments: [
    ("", "plain"), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "brotli"), ("br;q=0.5, gzip", "gzip"),
    ("br;q=0, gzip;q=0", "plain"),
    ("*", "brotli"), ("*;q=0.1, gzip;q=0.2", "gzip"), ("gzip;q=0", "plain"), ("identity, gzip;q=0.5", "plain"),
    ("GZIP;Q=1.0", "gzip"),
    ("br;q=nonsense", "plain"), ("gzip;q=0.001", "gzip"),
  ])
  func theBestEncodingIsChosen(accept: String, body: String) async throws {
    let response = try await get("/app/assets/app-1a2b.js", ["Accept-Encoding": accept])
    #expect(text(response) == body)
    #expect(response.headers["content-encoding"] == ["plain": nil, "gzip": "gzip", "brotli": "br"][body])
  }

  @Test func whatIsKnownIsNotSentAgain() async throws {
    let tag = try #require(try await get("/icon.svg").headers["etag"])
    for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
      let response = try await get("/icon.svg", ["If-None-Match": known])
      #expect(response.status == .notModified)
      #expect(response.bytes.isEmpty)
      #expect(response.headers["etag"] == tag)
    }
    #expect(try await get("/icon.svg", ["If-None-Match": "\"other\""]).status == .ok)
    let compressed = try await get("/app/assets/app-1a2b.js", ["Accept-Encoding": "br"])
    let plain = try await get("/app/assets/app-1a2b.js")
    #expect(compressed.headers["etag"] != plain.headers["etag"])
  }

  @Test func otherMethodsAreRefused() async throws {
    let response = try await get("/icon.svg", method: .POST)
    #expect(response.status == .methodNotAllowed)
    #expect(response.headers["allow"] == "GET, HEAD, OPTIONS")
  }

  @Test func filesTravelOverTheWire() async throws {
    let files = try files()
    try await withServer(configure: { $0.files = files }) { port in
      let client = try await RawClient.connect(port)
      await client.send(
        "GET /app/assets/app-1a2b.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n")
      let answer = await client.receiveAll()
      #expect(answer.header("content-encoding") == "br")
      #expect(answer.header("vary") == "Accept-Encoding")
      #expect(answer.count(of: "Content-Security-Policy") == 1)
      #expect(answer.count(of: "Cache-Control") == 1)
      #expect(answer.bodyOfAnswer == "brotli")
      let tag = try #require(answer.header("etag"))
      let again = try await RawClient.connect(port)
      await again.send(
        "GET /app/assets/app-1a2b.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\nIf-None-Match: \(tag)\r\nConnection: close\r\n\r\n"
      )
      let known = await again.receiveAll()
      #expect(known.hasPrefix("HTTP/1.1 304 Not Modified"))
      #expect(known.header("content-length") == nil)
      #expect(known.bodyOfAnswer.isEmpty)
    }
  }

  @Test func aDirectoryWithoutAnIndexIsAnError() {
    #expect(throws: ServerError.self) { try StaticFiles(directory: "/nonexistent") }
  }
}
