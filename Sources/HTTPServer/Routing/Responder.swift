/// Routes requests to handlers and turns what they throw into answers: the server without its sockets, for tests of services too.
public struct Responder: Sendable {
  public init(_ routes: Routes) {}

  /// Never fails: every error is an answer.
  public func respond(to request: Request) async -> Response { Response(status: .notFound) }
}
