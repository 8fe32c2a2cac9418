/// What a caller of this module gave it is wrong.
public struct BillingError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// A price book that cannot be used.
    case prices
    /// A policy that does not exist.
    case policy
  }

  public let code: Code
  /// Names what is wrong, for the operator.
  public let detail: String

  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  public var description: String { detail }
}
