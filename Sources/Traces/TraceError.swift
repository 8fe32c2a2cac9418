/// A trace that cannot be used.
public struct TraceError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case unreadable, malformed, empty
  }

  public let code: Code
  /// Names the file or the line.
  public let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  public var description: String { detail }
}
