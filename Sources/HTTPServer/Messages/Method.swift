/// The request methods that a route can be for.
public enum Method: String, Sendable, Hashable, CaseIterable {
  case GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS
}
