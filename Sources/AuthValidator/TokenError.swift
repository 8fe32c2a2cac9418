/// Why a token was refused. Holds nothing of the token.
public struct TokenError: Error, Sendable, Equatable {
  public enum Code: String, Sendable {
    /// Not three base64url parts of JSON, a claim missing or of the wrong type, or a header that asks for what is not understood (`crit`).
    case malformed
    /// Longer than `TokenPolicy.maximumBytes`.
    case tooLarge
    /// Any `alg` but `EdDSA`.
    case unsupportedAlgorithm
    /// No key of that `kid`, also after asking for the keys again.
    case unknownKey
    case badSignature
    case expired
    /// `iat` or `nbf` lies in the future.
    case notYetValid
    case wrongIssuer
    case wrongAudience
    /// The keys could not be had: nothing is known about the token. The one code that is no fault of the caller's (HTTP: 503).
    case keysUnavailable
  }

  public let code: Code

  public init(_ code: Code) { self.code = code }
}
