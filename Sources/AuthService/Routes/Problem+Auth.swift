import ChatDomain
import HTTPServer

extension Problem {
  /// The answer to an error of the auth role or of a store; nil for anything else.
  static func auth(_ error: any Error) -> Problem? {
    switch error {
    case let problem as Problem: problem
    case let error as AuthError: auth(error)
    case is StoreError: .unavailable(retryAfter: 2)
    default: nil
    }
  }

  private static func auth(_ error: AuthError) -> Problem {
    let seconds = error.retryAfter.map { Int($0.components.seconds) + ($0.components.attoseconds > 0 ? 1 : 0) } ?? 1
    return switch error.code {
    case .invalid(let field): .invalidRequest(field: field, reason: error.detail)
    case .usernameTaken: Problem("username_taken", status: .conflict, title: "The username is taken")
    case .invalidCredentials:
      refused("invalid_credentials", "The username or the password is wrong")
    case .unauthorized: bearer(error.detail)
    case .refreshReused:
      refused("refresh_reused", "The refresh token was used before; the session has ended")
    case .rateLimited: .rateLimited(retryAfter: seconds, detail: error.detail)
    case .unavailable: .unavailable(retryAfter: seconds, detail: error.detail)
    case .notConfigured:
      Problem("not_configured", status: .notFound, title: "This is not configured", detail: error.detail)
    }
  }

  private static func refused(_ code: String, _ title: String) -> Problem {
    Problem(code, status: .unauthorized, title: title, headers: ["WWW-Authenticate": realm])
  }

  /// 401 *unauthorized*, with the challenge of RFC 6750, section 3: the scheme alone is not enough. (Foundation's URLSession on Linux stops the whole
  /// process when it meets one without parameters.)
  /// - Parameter error: the challenge's `error`, where a token was presented.
  static func bearer(_ detail: String = "", error: String? = nil) -> Problem {
    var problem = Problem.unauthorized(detail)
    problem.headers["WWW-Authenticate"] = realm + (error.map { ", error=\"\($0)\"" } ?? "")
    return problem
  }

  private static let realm = #"Bearer realm="caravan""#
}
