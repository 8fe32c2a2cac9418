/// Why a trace cannot be played.
public struct TraceError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case unreadable, malformed, empty
  }

  public let code: Code
  public let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  public var description: String { detail }
}
