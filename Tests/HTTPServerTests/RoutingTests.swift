import Testing

@testable import HTTPServer

struct RoutingTests {
  private var routes: Routes {
    var routes = Routes()
    for (method, pattern) in [
      (Method.GET, "/chat"), (.POST, "/chat"), (.GET, "/chat/heads"), (.GET, "/chat/{id}"), (.POST, "/chat/{id}"),
      (.GET, "/chat/{id}/info"), (.GET, "/chat/heads/of/{x}"), (.GET, "/"),
    ] {
      routes.on(method, pattern) { request in
        .text("\(pattern) \(request.parameters["id"] ?? request.parameters["x"] ?? "-")")
      }
    }
    return routes
  }

  private func answer(_ method: Method, _ target: String, _ headers: Headers = [:]) async throws -> Response {
    await Responder(routes).respond(to: try Request(method, target, headers: headers))
  }

  private func text(_ method: Method, _ target: String) async throws -> String {
    String(decoding: try await answer(method, target).bytes, as: UTF8.self)
  }

  @Test func literalsWinOverParametersAndAreLeftWhereTheyLeadNowhere() async throws {
    #expect(try await text(.GET, "/chat/heads") == "/chat/heads -")
    #expect(try await text(.GET, "/chat/7") == "/chat/{id} 7")
    #expect(try await text(.GET, "/chat/heads/info") == "/chat/{id}/info heads")
    #expect(try await text(.GET, "/chat/heads/of/me") == "/chat/heads/of/{x} me")
    #expect(try await text(.GET, "/") == "/ -")
    #expect(try await text(.GET, "/?a=b") == "/ -")
  }

  @Test func segmentsAreDecodedAfterTheyAreCut() async throws {
    #expect(try await text(.GET, "/chat/a%2Fb%20c") == "/chat/{id} a/b c")
    #expect(try await text(.GET, "/ch%61t/%C3%A4") == "/chat/{id} ä")
    #expect(try await text(.GET, "/chat/+") == "/chat/{id} +")
  }

  @Test func emptySegmentsMatchNothing() async throws {
    for target in ["/chat/", "//chat", "/chat//info", "/chat/7/"] {
      #expect(try await answer(.GET, target).status == .notFound)
    }
  }

  @Test func theMethodsOfAPathAreTold() async throws {
    let wrong = try await answer(.DELETE, "/chat")
    #expect(wrong.status == .methodNotAllowed)
    #expect(wrong.headers["allow"] == "GET, HEAD, POST, OPTIONS")
    let options = try await answer(.OPTIONS, "/chat/7/info")
    #expect(options.status == .noContent)
    #expect(options.headers["allow"] == "GET, HEAD, OPTIONS")
    #expect(try await answer(.OPTIONS, "/nowhere").status == .notFound)
    #expect(try await answer(.HEAD, "/chat").status == .ok)
  }

  @Test func errorsOfServicesAreTranslatedInOnePlace() async throws {
    struct Down: Error {}
    var routes = Routes()
    routes.on(.GET, "/down") { _ in throw Down() }
    routes.problem = { $0 is Down ? .unavailable(retryAfter: 3) : nil }
    let response = await Responder(routes).respond(to: try Request(.GET, "/down"))
    #expect(response.status == .serviceUnavailable)
    #expect(response.headers["retry-after"] == "3")
  }

  @Test func theQueryIsDecodedAndTyped() throws {
    let query = try Query("a=1&b=x+y%26z&c&d=")
    #expect(try query.int("a", in: 0...5, default: 9) == 1)
    #expect(try query.int("z", in: 0...5, default: 9) == 9)
    #expect(query.string("b") == "x y&z")
    #expect(query.string("c") == "")
    #expect(query.string("d") == "")
    #expect(query.string("z") == nil)
    #expect(try query.value("a", "a number", parse: { Int($0) }) == 1)
    #expect(throws: Problem.self) { try query.value("b", "a number", parse: { Int($0) }) }
    #expect(throws: Problem.self) { try Query("a=1&%61=2") }
    #expect(throws: Problem.self) { try Query((0..<65).map { "p\($0)=1" }.joined(separator: "&")) }
  }

  @Test func bearerTokensAreReadInAnyCase() throws {
    func token(_ field: String) throws -> String? {
      try Request(.GET, "/", headers: ["Authorization": field]).bearerToken
    }
    #expect(try token("Bearer abc.def-_") == "abc.def-_")
    #expect(try token("bearer abc") == "abc")
    for bad in ["Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearerabc", ""] { #expect(try token(bad) == nil) }
    #expect(try Request(.GET, "/").bearerToken == nil)
  }

  @Test(arguments: ["*", "hello", "ftp://x/", "http://", "/a b", "/ä", "/a#b"])
  func badTargetsAreRefused(target: String) {
    #expect(throws: Problem.self) { try Target(target) }
  }
}
