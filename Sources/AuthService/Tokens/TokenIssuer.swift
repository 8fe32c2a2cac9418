import AuthValidator
import ChatDomain
import FoundationEssentials

/// Makes access tokens: JWT, EdDSA, with the claims `iss aud sub iat exp jti`.
///
/// `jti` is `<session id>.<random>`: unique to the token, and it names the log-in, so that a change of the password can spare the session that asked for it.
public struct TokenIssuer: Sendable {
  /// Seconds.
  public let lifetime: Int64
  private let key: SigningKey
  /// `header.` in base64url.
  private let header: String
  /// The payload's constant beginning.
  private let prefix: String

  package init(_ keys: SigningKeys, issuer: String, audience: String, lifetime: Int64) throws {
    self.lifetime = lifetime
    key = keys.newest
    header = Base64URL.encode(Array(#"{"alg":"EdDSA","typ":"JWT","kid":"\#(key.id)"}"#.utf8)) + "."
    let names = try [issuer, audience].map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    prefix = #"{"iss":\#(names[0]),"aud":\#(names[1])"#
  }

  package func token(for user: UserID, session: SessionID, now: Timestamp) throws -> String {
    let issuedAt = now.milliseconds / 1_000
    let payload =
      #"\#(prefix),"sub":"\#(user)","iat":\#(issuedAt),"exp":\#(issuedAt + lifetime),"jti":"\#(session).\#(RandomText.identifier())"}"#
    let signed = header + Base64URL.encode(Array(payload.utf8))
    return signed + "." + Base64URL.encode(try key.signature(for: Array(signed.utf8)))
  }
}
