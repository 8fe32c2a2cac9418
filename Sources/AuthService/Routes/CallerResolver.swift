import AuthValidator
import ChatDomain
import HTTPServer

/// Finds out who makes a request. Every service of this process uses this one.
public struct CallerResolver: Sendable {
  private let validator: AuthValidator
  private let clock: AuthClock

  public init(_ validator: AuthValidator, clock: AuthClock = .system) {
    self.validator = validator
    self.clock = clock
  }

  /// The caller, by the keys that are held; waits for nothing. For a validator whose keys are in this process.
  /// - Throws: 401 *unauthorized* with `WWW-Authenticate: Bearer`.
  public func callAsFunction(_ request: Request) throws(Problem) -> Caller {
    let token = try CallerResolver.token(of: request)
    do throws(TokenError) {
      return try caller(try validator.verify(token, now: clock.now().milliseconds / 1_000))
    } catch {
      throw CallerResolver.problem(error)
    }
  }

  /// The caller; asks for the keys again if the token names a new one. For a validator whose keys come from a URL.
  /// - Throws: 401 *unauthorized*; 503 *unavailable* when the keys cannot be had.
  public func resolve(_ request: Request) async throws(Problem) -> Caller {
    let token = try CallerResolver.token(of: request)
    do throws(TokenError) {
      return try caller(try await validator.validate(token, now: clock.now().milliseconds / 1_000))
    } catch {
      throw CallerResolver.problem(error)
    }
  }

  private static func token(of request: Request) throws(Problem) -> String {
    guard let token = request.bearerToken else { throw .bearer() }
    return token
  }

  private func caller(_ claims: AccessTokenClaims) throws(TokenError) -> Caller {
    guard let user = UserID(claims.subject), let session = SessionID(claims.sessionID) else {
      throw TokenError(.malformed)
    }
    return Caller(
      userID: user, tokenExpiresAt: Timestamp(milliseconds: claims.expiresAt * 1_000), sessionID: session)
  }

  private static func problem(_ error: TokenError) -> Problem {
    if error.code == .keysUnavailable { return .unavailable(retryAfter: 5) }
    return .bearer(error.code == .expired ? "the token has expired" : "the token is not good", error: "invalid_token")
  }
}
