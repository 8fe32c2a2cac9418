/// Why the auth role says no. Holds nothing that a caller sent but the name of a field.
public struct AuthError: Error, Sendable, Equatable {
  public enum Code: Sendable, Equatable {
    /// A field is missing its form; `detail` says which form.
    case invalid(field: String)
    case usernameTaken
    /// The same for an unknown user as for a wrong password.
    case invalidCredentials
    /// No token, or none that is good.
    case unauthorized
    /// A refresh token that was spent: its session has ended.
    case refreshReused
    case rateLimited
    /// Too much to do, or a dependency that does not answer.
    case unavailable
    case notConfigured
  }

  public let code: Code
  public let detail: String
  public let retryAfter: Duration?

  public init(_ code: Code, _ detail: String = "", retryAfter: Duration? = nil) {
    self.code = code
    self.detail = detail
    self.retryAfter = retryAfter
  }
}
