/// Why keys could not be had.
public struct JWKSError: Error, Sendable, Equatable {
  public enum Code: String, Sendable {
    /// The document is no JWKS, or too large.
    case unreadable
    /// It could not be fetched.
    case unreachable
  }

  public let code: Code
  /// For a log; nothing secret.
  public let detail: String

  public init(_ code: Code, _ detail: String = "") {
    self.code = code
    self.detail = detail
  }
}
