/// What is wrong with the Firebase set-up. Holds nothing secret.
public struct FirebaseError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Code: Sendable, Hashable {
    /// The file cannot be read, or is not what it should be.
    case badFile
    /// The private key cannot be used.
    case badKey
    /// No access token can be had.
    case noToken
  }

  public let code: Code
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
