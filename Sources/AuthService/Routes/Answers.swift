import ChatDomain

/// What the auth routes answer.
enum Answers {
  struct User: Encodable, Sendable {
    let id: UserID
    let username: String
    let display_name: String
    let created_at: Timestamp
    /// For oneself only.
    let admin: Bool?

    init(_ user: ChatDomain.User, isOneself: Bool = false) {
      id = user.id
      username = user.username
      display_name = user.displayName
      created_at = user.createdAt
      admin = isOneself ? user.isAdmin : nil
    }
  }

  struct Session: Encodable, Sendable {
    let access_token: String
    let token_type = "Bearer"
    /// Seconds.
    let expires_in: Int64
    let refresh_token: String
    let user: User

    init(_ grant: Sessions.Grant) {
      access_token = grant.accessToken
      expires_in = grant.lifetime
      refresh_token = grant.refreshToken
      user = User(grant.user)
    }
  }

  struct Users: Encodable, Sendable {
    let users: [User]
    let next: String?

    enum CodingKeys: CodingKey { case users, next }

    /// `next` is written as null at the end, not left out.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(users, forKey: .users)
      try container.encode(next, forKey: .next)
    }
  }

  struct FirebaseToken: Encodable {
    let token: String
    let expires_in: Int
  }
}
