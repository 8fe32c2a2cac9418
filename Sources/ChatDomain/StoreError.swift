/// What a port throws when the thing behind it fails. What callers do wrong is never one of these: it is a result.
public struct StoreError: Error, Sendable, Equatable {
  public enum Code: String, Sendable {
    /// It does not answer now; a retry may succeed.
    case unavailable
    /// It does not answer because there is no room left (disk, log). Nothing was half-written.
    case full
    /// What it holds cannot be read.
    case corrupt
    /// It was closed, or the process is draining.
    case closed
  }

  public let code: Code
  /// For the operator's log; holds no message text, name or secret.
  public let detail: String

  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }
}
