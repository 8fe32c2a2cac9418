/// Why the file of the signing keys cannot be used. Says what to do about it; holds no key.
public struct SigningKeyError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: Sendable {
    /// Others than its owner may read or write it, or it belongs to somebody else.
    case notPrivate
    case unreadable
    case unwritable
  }

  public let code: Code
  public let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  public var description: String { detail }
}
