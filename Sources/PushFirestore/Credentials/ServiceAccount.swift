import Crypto
import Foundation
import _CryptoExtras

/// A Google service account: signs tokens with its RSA key (RS256).
public struct ServiceAccount: Sendable {
  /// The file that Google's console gives out, as far as it is needed.
  struct KeyFile: Decodable, Sendable {
    let project_id: String
    let client_email: String
    let private_key: String
    let private_key_id: String?
    let token_uri: String?
  }

  public let projectID: String
  public let email: String
  /// Where an access token is asked for.
  public let tokenURI: URL
  private let keyID: String?
  /// DER, because the library's key may not cross threads.
  private let key: Data

  /// - Throws: `FirebaseError`.
  init(_ file: KeyFile) throws {
    projectID = file.project_id
    email = file.client_email
    keyID = file.private_key_id
    guard let uri = URL(string: file.token_uri ?? "https://oauth2.googleapis.com/token"),
      uri.scheme == "https" || uri.isLoopback
    else {
      throw FirebaseError(.badFile, "'token_uri' of the service account is no https URL")
    }
    tokenURI = uri
    do {
      key = try _RSA.Signing.PrivateKey(pemRepresentation: file.private_key).derRepresentation
    } catch {
      throw FirebaseError(.badKey, "'private_key' of the service account is no RSA key in PEM form")
    }
  }

  /// One with a key made now, for emulators.
  init(madeFor project: String) throws {
    projectID = project
    email = "caravan@\(project).iam.gserviceaccount.com"
    keyID = nil
    guard let uri = URL(string: "https://oauth2.googleapis.com/token") else {
      throw FirebaseError(.badFile, "no token URL")
    }
    tokenURI = uri
    do {
      key = try _RSA.Signing.PrivateKey(keySize: .bits2048).derRepresentation
    } catch {
      throw FirebaseError(.badKey, "no RSA key can be made")
    }
  }

  private struct Header: Encodable {
    let alg = "RS256"
    let typ = "JWT"
    let kid: String?
  }

  /// A signed JWT.
  func sign(_ claims: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let head = try encoder.encode(Header(kid: keyID)).base64URL
    let input = head + "." + (try encoder.encode(claims)).base64URL
    // RS256 is PKCS #1 v1.5 (RFC 7518, section 3.3); the library calls it insecure because of encryption's padding oracles.
    let signature = try _RSA.Signing.PrivateKey(derRepresentation: key).signature(
      for: SHA256.hash(data: Data(input.utf8)), padding: .insecurePKCS1v1_5)
    return input + "." + signature.rawRepresentation.base64URL
  }
}

extension Data {
  /// RFC 4648, section 5, without padding.
  var base64URL: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}

extension URL {
  var isLoopback: Bool { host.map { $0 == "localhost" || $0 == "127.0.0.1" || $0 == "::1" } ?? false }
}
