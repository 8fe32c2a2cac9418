/// A refresh token as a store sees it. Nothing in it opens anything.
///
/// A token is three parts: the session's id, a secret that all tokens of the session share, and a secret of its own. The shared secret proves
/// that whoever presents it once held a token of this session. So a token that is not good any more can be told from a made-up one without
/// remembering every token that ever was.
public struct RefreshToken: Sendable, Hashable {
  public let session: SessionID
  /// Of the secret that the session's tokens share.
  public let family: TokenHash
  /// Of the secret that is this token's own.
  public let own: TokenHash

  public init(session: SessionID, family: TokenHash, own: TokenHash) {
    self.session = session
    self.family = family
    self.own = own
  }
}

/// What a session's id identifies: one log-in, with all the tokens that came of it.
public enum Session {}
public typealias SessionID = Identifier<Session>
