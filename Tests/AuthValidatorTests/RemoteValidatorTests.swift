import AuthValidatorRemote
import Foundation
import Testing

@testable import AuthValidator

@Suite("A validator with nothing but a URL")
struct RemoteValidatorTests {
  private func validator(_ server: TinyServer, _ factory: TokenFactory) throws -> AuthValidator {
    let url = try #require(URL(string: "http://127.0.0.1:\(server.port)/.well-known/jwks.json"))
    return AuthValidator(jwksURL: url, issuer: factory.issuer, audience: factory.audience)
  }

  private func factory() -> TokenFactory {
    var factory = TokenFactory()
    factory.issuedAt = Int64(Date().timeIntervalSince1970)
    factory.expiresAt = factory.issuedAt + 900
    return factory
  }

  @Test("It fetches the keys once and verifies", .timeLimit(.minutes(1)))
  func verifies() async throws {
    let factory = factory()
    let server = try TinyServer(TinyServer.answer(factory.keys.document()))
    defer { server.stop() }
    let validator = try validator(server, factory)
    let token = try factory.token()
    for _ in 0..<20 { #expect(try await validator.validate(token).subject == factory.subject) }
    #expect(server.requests == 1)
  }

  @Test(
    "An error, a redirect, a huge answer and nonsense are no keys", .timeLimit(.minutes(1)),
    arguments: [
      "HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
      "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + String(repeating: "x", count: 200_000),
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
    ])
  func failures(answer: String) async throws {
    let factory = factory()
    let server = try TinyServer(Array(answer.utf8))
    defer { server.stop() }
    let validator = try validator(server, factory)
    let token = try factory.token()
    await #expect(throws: TokenError(.keysUnavailable)) { try await validator.validate(token) }
  }

  @Test("The age of an answer is read from Cache-Control")
  func age() {
    #expect(URLJWKSFetcherAge.read("public, max-age=300") == 300)
    #expect(URLJWKSFetcherAge.read("Max-Age=\"60\"") == 60)
    #expect(URLJWKSFetcherAge.read("no-store") == nil)
    #expect(URLJWKSFetcherAge.read(nil) == nil)
  }
}
