import ChatDomain
import Crypto
import Foundation
import TestSupport
import Testing
import _CryptoExtras

@testable import PushFirestore

@Suite("Credentials for Firebase")
struct CredentialsTests {
  private let key: _RSA.Signing.PrivateKey
  private let folder: TemporaryFolder

  init() throws {
    key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    folder = try TemporaryFolder()
  }

  private func account(_ changes: [String: String?] = [:]) -> [String: String] {
    var account: [String: String] = [
      "project_id": "demo", "client_email": "caravan@demo.example", "private_key": key.pemRepresentation,
      "private_key_id": "k1", "token_uri": "https://oauth2.googleapis.com/token",
    ]
    for (name, value) in changes { account[name] = value }
    return account
  }

  private func file(_ object: [String: Any]) throws -> String {
    let path = folder.path + "/firebase.json"
    try JSONSerialization.data(withJSONObject: object).write(to: URL(fileURLWithPath: path))
    return path
  }

  private let web = ["apiKey": "a", "projectId": "demo"]

  @Test("A custom token names the user, is signed by the account, and lives an hour")
  func customToken() throws {
    let path = try file(["web": web, "service_account": account()])
    let firebase = try FirebaseFile(path: path)
    let token = try CustomTokens(firebase.account).mint(for: .number(4), now: 1_000)
    let parts = token.split(separator: ".").map(String.init)
    let payload = try #require(CredentialsTests.decode(parts[1]))
    let claims = try #require(try JSONSerialization.jsonObject(with: payload) as? [String: Any])
    #expect(claims["uid"] as? String == UserID.number(4).description)
    #expect(claims["iss"] as? String == "caravan@demo.example")
    #expect(claims["sub"] as? String == "caravan@demo.example")
    #expect(claims["exp"] as? Int == 4_600)
    let signature = _RSA.Signing.RSASignature(rawRepresentation: try #require(CredentialsTests.decode(parts[2])))
    let digest = SHA256.hash(data: Data("\(parts[0]).\(parts[1])".utf8))
    #expect(key.publicKey.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5))
  }

  @Test("The key may stand in a file of its own, beside this one")
  func keyFile() throws {
    let data = try JSONSerialization.data(withJSONObject: account())
    try data.write(to: URL(fileURLWithPath: folder.path + "/key.json"))
    let firebase = try FirebaseFile(path: try file(["web": web, "service_account": "key.json"]))
    #expect(firebase.account.email == "caravan@demo.example")
    #expect(firebase.documents == "projects/demo/databases/(default)/documents")
    #expect(firebase.browserOrigins.allSatisfy { $0.hasPrefix("https://") })
  }

  @Test("With emulators no account is needed")
  func emulators() throws {
    let firebase = try FirebaseFile(
      path: try file(["web": web, "emulators": ["firestore": "127.0.0.1:8080", "auth": "127.0.0.1:9099"]]))
    #expect(firebase.firestoreOrigin.absoluteString == "http://127.0.0.1:8080")
    #expect(firebase.browserOrigins == ["http://127.0.0.1:8080", "http://127.0.0.1:9099"])
    #expect(try CustomTokens(firebase.account).mint(for: .number(1), now: 0).split(separator: ".").count == 3)
  }

  @Test("What is wrong is said, and no secret with it")
  func errors() throws {
    func message(_ object: [String: Any]) throws -> String {
      let path = try file(object)
      do {
        _ = try FirebaseFile(path: path)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(try message(["web": web]).contains("'service_account' is missing"))
    #expect(try message(["service_account": account()]).contains("'web' is missing"))
    #expect(try message(["web": web, "service_account": account(["project_id": "other"])]).contains("'other'"))
    #expect(try message(["web": web, "service_account": account(["client_email": nil])]).contains("'client_email'"))
    let bad = try message(["web": web, "service_account": account(["private_key": "-----BEGIN SECRET"])])
    #expect(bad.contains("no RSA key") && !bad.contains("SECRET"))
    #expect(
      try message(["web": web, "service_account": account(["token_uri": "http://evil.example"])]).contains("https"))
    #expect(try message(["web": web, "emulators": ["firestore": "not a host/x"]]).contains("no host and port"))
    #expect(throws: FirebaseError.self) { try FirebaseFile(path: "/nowhere") }
  }

  private static func decode(_ base64URL: String) -> Data? {
    let text = base64URL.replacing("-", with: "+").replacing("_", with: "/")
    return Data(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4))
  }
}
