/// The refresh tokens of one log-in, and what becomes of one that is presented. Pure; every session store decides by it, atomically.
///
///     state     live: the unused tokens        previous: the last one used
///     log-in    [A]                            –
///     A         [B]                            A          the ordinary case
///     A again   [B, C]                         A          within 60 s: B's answer was lost, or two tabs asked at once
///     C         [D]                            C          whichever comes first counts; B is spent now
///     B         –                              –          a token that is spent: the family dies
///
/// An answer may be lost, so the one used last may be used again for a while, and each time gets a successor of its own: which of the answers
/// arrived only the client knows, so all of them stay good until the first is used. Using one spends the others. A thief who copied a token and its owner
/// can each get a successor of the copied one; but as soon as one of the two uses theirs, the other's is spent, and presenting it ends both.
///
/// What this asks of an honest client: keep the answer only if the token held is still the one that was sent, retry a lost answer within 60 s, and
/// use what was kept only when nothing older is on its way any more. Tabs share one token (protocol, Clients 7); two that keep different successors
/// look like a thief and an owner.
public struct RefreshFamily: Sendable, Equatable {
  /// How long a used token may be used again, milliseconds from its first use.
  public static let graceTime: Int64 = 60_000
  /// How long a session lives from the last use of one of its tokens, milliseconds: 30 days.
  public static let lifetime: Int64 = 30 * 86_400_000
  /// Unused tokens at a time; one more makes the oldest of them a spent one. A client that waits for its answers holds the newest.
  public static let liveLimit = 16

  public private(set) var live: [TokenHash]
  public private(set) var previous: TokenHash?
  /// When `previous` was used first.
  public private(set) var usedAt: Timestamp
  public private(set) var expiresAt: Timestamp

  /// A new log-in.
  public init(first: TokenHash, now: Timestamp) {
    live = [first]
    previous = nil
    usedAt = now
    expiresAt = RefreshFamily.end(now)
  }

  /// As stored.
  public init(live: [TokenHash], previous: TokenHash?, usedAt: Timestamp, expiresAt: Timestamp) {
    self.live = live
    self.previous = previous
    self.usedAt = usedAt
    self.expiresAt = expiresAt
  }

  public enum Verdict: Sendable, Equatable {
    /// The successor is good now.
    case rotated
    /// The token was spent: the family must be removed.
    case reused
    /// Nobody used it for too long: the family must be removed.
    case expired
  }

  /// A token is presented, and `successor` is ready to take its place.
  public mutating func present(_ token: TokenHash, successor: TokenHash, now: Timestamp) -> Verdict {
    guard now < expiresAt else { return .expired }
    if live.contains(token) {
      live = [successor]
      previous = token
      usedAt = now
    } else if token == previous, now.milliseconds - usedAt.milliseconds < RefreshFamily.graceTime {
      if live.count >= RefreshFamily.liveLimit { live.removeFirst() }
      live.append(successor)
    } else {
      return .reused
    }
    expiresAt = RefreshFamily.end(now)
    return .rotated
  }

  private static func end(_ now: Timestamp) -> Timestamp {
    Timestamp(milliseconds: now.milliseconds + lifetime)
  }
}
