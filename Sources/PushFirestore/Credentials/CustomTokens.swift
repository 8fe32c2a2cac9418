import ChatDomain
import Foundation

/// Mints Firebase custom tokens: a client exchanges one for a Firebase session whose uid is its user id, and the rules let that uid read its mailbox.
public struct CustomTokens: Sendable {
  private let account: ServiceAccount

  /// Of a token, in seconds: Firebase takes up to an hour.
  public static let lifetime = 3_600
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
    try account.sign(
      Claims(
        iss: account.email, sub: account.email, aud: CustomTokens.audience, iat: now,
        exp: now + Int64(CustomTokens.lifetime), uid: user.description))
  }
}
