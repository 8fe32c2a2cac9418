import ChatDomain

/// Log-ins in memory, beside the accounts of a `MemoryUserStore`, so that both change in one step.
public struct MemorySessionStore: SessionStore {
  private let accounts: MemoryUserStore

  public init(_ accounts: MemoryUserStore) { self.accounts = accounts }

  public func create(_ session: NewSession) async throws -> Bool {
    try accounts.access { state in
      guard state.users[session.user]?.version == session.credentialVersion else { return false }
      state.sessions[session.token.session] = MemoryUserStore.StoredSession(
        user: session.user, shared: session.token.family,
        family: RefreshFamily(first: session.token.own, now: session.now))
      let others = state.sessions.filter { $0.value.user == session.user && $0.key != session.token.session }
        .sorted { $0.value.family.expiresAt > $1.value.family.expiresAt }
      for (id, _) in others.dropFirst(AccountLimits.sessionsPerUser - 1) { state.sessions[id] = nil }
      return true
    }
  }

  public func rotate(_ token: RefreshToken, to successor: TokenHash, now: Timestamp) async throws -> Rotation {
    try accounts.access { state in
      guard var session = state.sessions[token.session], session.shared == token.family else { return .unknown }
      switch session.family.present(token.own, successor: successor, now: now) {
      case .rotated:
        state.sessions[token.session] = session
        return .rotated(session.user)
      case .reused:
        state.sessions[token.session] = nil
        return .reused(session.user)
      case .expired:
        state.sessions[token.session] = nil
        return .unknown
      }
    }
  }

  public func end(_ token: RefreshToken) async throws {
    try accounts.access { state in
      if state.sessions[token.session]?.shared == token.family { state.sessions[token.session] = nil }
    }
  }

  public func endAll(of user: UserID, except: SessionID?) async throws {
    try accounts.access { state in
      state.sessions = state.sessions.filter { $0.value.user != user || $0.key == except }
    }
  }

  public func sweep(now: Timestamp) async throws -> Int {
    try accounts.access { state in
      let ended = state.sessions.filter { $0.value.family.expiresAt <= now }.prefix(1_000)
      for (id, _) in ended { state.sessions[id] = nil }
      return ended.count
    }
  }
}
