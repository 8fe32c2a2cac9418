import ChatDomain
import NIOCore
import Synchronization

/// A user who is logged in, with tokens that are renewed before they end.
public final class UserSession: Sendable {
  private struct Tokens {
    var access: String
    var refresh: String?
    var renewAt: NIODeadline
  }

  public let user: UserID
  private let tokens: Mutex<Tokens>

  /// With a token that was signed elsewhere and outlives the measurement.
  public init(user: UserID, token: String) {
    self.user = user
    tokens = Mutex(Tokens(access: token, refresh: nil, renewAt: .distantFuture))
  }

  init(_ session: WireSession) {
    user = session.user.id
    tokens = Mutex(UserSession.tokens(session))
  }

  /// A token that is good for a minute at least.
  public func token(_ api: APIClient) async throws -> String {
    let (access, due) = tokens.withLock { tokens -> (String, String?) in
      guard tokens.renewAt < .now(), let refresh = tokens.refresh else { return (tokens.access, nil) }
      // Whoever comes meanwhile goes on with the old one, which lives a little longer.
      tokens.renewAt = .now() + .seconds(30)
      return (tokens.access, refresh)
    }
    guard let due else { return access }
    do {
      let renewed = try await api.refresh(due)
      tokens.withLock { $0 = UserSession.tokens(renewed) }
      return renewed.accessToken
    } catch let error as ClientError where error.isPassing {
      return access
    }
  }

  private static func tokens(_ session: WireSession) -> Tokens {
    Tokens(
      access: session.accessToken, refresh: session.refreshToken,
      renewAt: .now() + .seconds(max(1, session.expiresIn - 120)))
  }
}
