import ChatDomain
import Foundation
import Synchronization

/// Mints Firebase custom tokens: a client exchanges one for a Firebase session whose uid is its user id, and the rules let that uid read its mailbox.
///
/// A signature costs a millisecond of a core, so a user who asks again soon gets the same token.
public final class CustomTokens: Sendable {
  private struct Minted {
    let token: String
    /// Seconds since 1970.
    let at: Int64
  }

  private let account: ServiceAccount
  private let minted = Mutex<[UserID: Minted]>([:])

  /// Of a token when it is given out, at least, in seconds. Firebase takes up to an hour.
  public static let lifetime = 3_300
  /// How long the same is given out, in seconds.
  private static let reuse: Int64 = 300
  /// Tokens that are remembered; with more all are forgotten.
  private static let remembered = 5_000
  private static let audience =
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit"

  private struct Claims: Encodable {
    let iss: String
    let sub: String
    let aud: String
    let iat: Int64
    let exp: Int64
    let uid: String
  }

  public init(_ account: ServiceAccount) { self.account = account }

  /// - Parameter now: seconds since 1970.
  public func mint(for user: UserID, now: Int64) throws -> String {
    let known = minted.withLock { $0[user] }
    if let known, (0..<CustomTokens.reuse).contains(now - known.at) { return known.token }
    let token = try account.sign(
      Claims(
        iss: account.email, sub: account.email, aud: CustomTokens.audience, iat: now,
        exp: now + Int64(CustomTokens.lifetime) + CustomTokens.reuse, uid: user.description))
    minted.withLock { minted in
      if minted.count >= CustomTokens.remembered { minted.removeAll() }
      minted[user] = Minted(token: token, at: now)
    }
    return token
  }
}
