import ChatDomain
import HTTPServer

/// The routes of the auth role.
struct AuthRoutes: Sendable {
  let accounts: Accounts
  let sessions: Sessions
  let caller: CallerResolver
  /// The JWKS document.
  let keys: [UInt8]
  /// nil: Firebase is not configured.
  let firebase: FirebaseTokenMint?
  let clock: AuthClock

  func add(to routes: inout Routes) {
    add(.POST, "/users", to: &routes, register)
    add(.POST, "/login", to: &routes, logIn)
    add(.POST, "/token", to: &routes, refresh)
    add(.POST, "/logout", to: &routes, logOut)
    add(.GET, "/users", to: &routes, list)
    add(.GET, "/users/me", to: &routes, profile)
    add(.PATCH, "/users/me", to: &routes, rename)
    add(.PUT, "/users/me/password", to: &routes, changePassword)
    add(.POST, "/firebase-token", to: &routes, firebaseToken)
    add(.GET, "/.well-known/jwks.json", to: &routes) { [keys] _ in
      .json(bytes: keys, headers: ["Cache-Control": "public, max-age=300"])
    }
  }

  private func add(_ method: Method, _ pattern: String, to routes: inout Routes, _ handler: @escaping Handler) {
    routes.on(method, pattern) { request in
      do {
        return try await handler(request)
      } catch {
        throw Problem.auth(error) ?? error
      }
    }
  }

  private func register(_ request: Request) async throws -> Response {
    let body = try request.json(Bodies.Registration.self)
    let user = try await accounts.register(
      username: body.username, password: body.password, displayName: body.display_name, network: request.clientNetwork)
    return try .json(Answers.User(user), status: .created)
  }

  private func logIn(_ request: Request) async throws -> Response {
    let body = try request.json(Bodies.LogIn.self)
    return try answer(
      try await sessions.logIn(username: body.username, password: body.password, network: request.clientNetwork))
  }

  private func refresh(_ request: Request) async throws -> Response {
    try answer(try await sessions.refresh(try request.json(Bodies.Refresh.self).refresh_token))
  }

  private func logOut(_ request: Request) async throws -> Response {
    try await sessions.logOut(try request.json(Bodies.Refresh.self).refresh_token)
    return .empty(.noContent)
  }

  private func list(_ request: Request) async throws -> Response {
    _ = try caller(request)
    let question = try UserListQuestion(request.query)
    switch question {
    case .ids(let ids):
      var found: [UserID: User] = [:]
      if !ids.isEmpty { for user in try await accounts.users.users(ids) { found[user.id] = user } }
      return try .json(Answers.Users(users: ids.compactMap { found[$0] }.map { Answers.User($0) }, next: nil))
    case .search(let search, let after, let quantity):
      let page = try await accounts.users.users(search, after: after, quantity: quantity)
      return try .json(Answers.Users(users: page.elements.map { Answers.User($0) }, next: page.next?.text))
    }
  }

  private func profile(_ request: Request) async throws -> Response {
    try .json(Answers.User(try await accounts.user(try caller(request).userID), isOneself: true))
  }

  private func rename(_ request: Request) async throws -> Response {
    let caller = try caller(request)
    let body = try request.json(Bodies.Profile.self)
    return try .json(Answers.User(try await accounts.rename(caller.userID, to: body.display_name), isOneself: true))
  }

  private func changePassword(_ request: Request) async throws -> Response {
    let caller = try caller(request)
    let body = try request.json(Bodies.PasswordChange.self)
    try await accounts.changePassword(of: caller, old: body.old, new: body.new, network: request.clientNetwork)
    return .empty(.noContent)
  }

  private func firebaseToken(_ request: Request) async throws -> Response {
    let caller = try caller(request)
    guard let firebase else { throw AuthError(.notConfigured, "Firebase is not configured") }
    let token = try firebase.mint(caller.userID, clock.now().milliseconds / 1_000)
    return try .json(
      Answers.FirebaseToken(token: token, expires_in: firebase.lifetime), headers: ["Cache-Control": "no-store"])
  }

  /// Answers with secrets in them must stay in no cache (RFC 6749, section 5.1).
  private func answer(_ grant: Sessions.Grant) throws -> Response {
    try .json(Answers.Session(grant), headers: ["Cache-Control": "no-store"])
  }
}
