/// Answers one request, or throws: a `Problem` as it is, anything else as 500.
public typealias Handler = @Sendable (Request) async throws -> Response

/// The routes of a server, collected from its services.
public struct Routes: Sendable {
  struct Entry: Sendable {
    let method: Method
    let pattern: RoutePattern
    let handler: Handler
  }

  private(set) var entries: [Entry] = []
  /// Translates what handlers throw; nil means that it is our own mistake (500).
  public var problem: @Sendable (any Error) -> Problem? = { _ in nil }

  public init() {}

  /// Adds a route. HEAD is answered for every GET route, OPTIONS for every path.
  ///
  /// - Parameter pattern: `/chat/{id}/info`. A literal segment wins over `{name}`, whatever was added first. Two routes of the same method
  ///   and shape are a mistake: the first one wins.
  public mutating func on(_ method: Method, _ pattern: String, _ handler: @escaping Handler) {
    entries.append(Entry(method: method, pattern: RoutePattern(pattern), handler: handler))
  }
}
