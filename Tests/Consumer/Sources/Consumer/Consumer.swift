import AuthValidator
import AuthValidatorRemote
import Foundation

/// `consumer JWKS-URL ISSUER TOKEN`: prints the user's id and ends with 0, or says why the token is none and ends with 1.
@main
struct Consumer {
  static func main() async {
    let words = CommandLine.arguments
    guard words.count == 4, let url = URL(string: words[1]) else { exit(64) }
    let validator = AuthValidator(jwksURL: url, issuer: words[2], audience: "caravan")
    do {
      print(try await validator.validate(words[3]).subject)
    } catch {
      print("refused: \(error.code)")
      exit(1)
    }
  }
}
