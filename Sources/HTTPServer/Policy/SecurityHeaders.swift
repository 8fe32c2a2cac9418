/// Headers that keep browsers from doing more with an answer than was meant.
enum SecurityHeaders {
  /// On every answer.
  static let common: StaticString = """
    \r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\
    \r\nCross-Origin-Opener-Policy: same-origin
    """

  /// On every answer that does not bring its own: an API answer shown as a page can do nothing.
  static let defaultPolicy: StaticString = "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'"
  static let defaultCaching: StaticString = "\r\nCache-Control: no-store"

  /// The web app's policy: its own scripts and styles, and nothing inline.
  static func pagePolicy(connectSources: [String]) -> String {
    let connect = (["'self'"] + connectSources).joined(separator: " ")
    return """
      default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src \(connect); \
      font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
      frame-ancestors 'none'
      """
  }
}
