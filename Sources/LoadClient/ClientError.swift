/// Why a call did not give what was asked for.
public struct ClientError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: String, Sendable {
    case invalidURL
    /// No connection, or it broke before the answer was whole: the call may have had its effect.
    case connectionLost
    /// No answer in time: the call may have had its effect.
    case timedOut
    /// The answer is larger than a client takes.
    case tooLarge
    /// An answer that is none of the expected ones; `status` says which.
    case refused
    /// An answer that does not say what the contract promises.
    case malformed
  }

  public let code: Code
  public let detail: String
  /// Of a `refused` answer.
  public let status: Int?
  /// Seconds, of a `refused` answer that names them.
  public let retryAfter: Int?

  public init(_ code: Code, _ detail: String, status: Int? = nil, retryAfter: Int? = nil) {
    self.code = code
    self.detail = detail
    self.status = status
    self.retryAfter = retryAfter
  }

  /// Asking again may help.
  public var isPassing: Bool {
    switch code {
    case .connectionLost, .timedOut: true
    case .refused: status == 503 || status == 429 || status == 408
    case .invalidURL, .tooLarge, .malformed: false
    }
  }

  public var description: String { "\(code.rawValue): \(detail)" }
}
