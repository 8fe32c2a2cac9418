/// What the auth routes are sent.
enum Bodies {
  struct Registration: Decodable, Sendable {
    let username: String
    let password: String
    let display_name: String?
  }

  struct LogIn: Decodable, Sendable {
    let username: String
    let password: String
  }

  struct Refresh: Decodable, Sendable {
    let refresh_token: String
  }

  struct Profile: Decodable, Sendable {
    let display_name: String
  }

  struct PasswordChange: Decodable, Sendable {
    let old: String
    let new: String
  }
}
