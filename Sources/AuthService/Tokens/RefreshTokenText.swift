import AuthValidator
import ChatDomain

/// A refresh token as its client holds it: 16 bytes of session id, 32 that the session's tokens share, 32 of its own; base64url, 107 characters.
struct RefreshTokenText: Sendable {
  let text: String
  /// What stores may know of it.
  let token: RefreshToken
  private let shared: [UInt8]

  /// The first token of a new session.
  static func first() -> RefreshTokenText {
    RefreshTokenText(session: .random(), shared: RandomText.bytes(32), own: RandomText.bytes(32))
  }

  /// The next one of the same session.
  func successor() -> RefreshTokenText {
    RefreshTokenText(session: token.session, shared: shared, own: RandomText.bytes(32))
  }

  /// nil for what cannot be one of ours.
  init?(_ text: String) {
    guard text.utf8.count == 107, let bytes = Base64URL.decode(text), let id = UUIDBits(bytes: bytes[..<16]) else {
      return nil
    }
    self.init(session: SessionID(id), shared: Array(bytes[16..<48]), own: Array(bytes[48...]))
  }

  private init(session: SessionID, shared: [UInt8], own: [UInt8]) {
    self.shared = shared
    text = Base64URL.encode(session.bits.bytes + shared + own)
    token = RefreshToken(session: session, family: TokenHash(of: shared), own: TokenHash(of: own))
  }
}
