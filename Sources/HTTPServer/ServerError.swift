/// Why a server could not start.
public struct ServerError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// The address cannot be listened on.
    case bind
    /// The web app's files cannot be read.
    case files
    /// Started twice, or after it was stopped.
    case state
  }

  public let code: Code
  public let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  public var description: String { "\(code.rawValue): \(detail)" }
}
