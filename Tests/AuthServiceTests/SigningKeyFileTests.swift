import AuthValidator
import Foundation
import TestSupport
import Testing

@testable import AuthService

@Suite("The file of the signing keys")
struct SigningKeyFileTests {
  @Test("It is made on the first start, for its owner only, and read on the next")
  func created() throws {
    let folder = try TemporaryFolder()
    let file = SigningKeyFile(path: folder.path + "/signing.json")
    let keys = try file.loadOrCreate()
    #expect(try file.loadOrCreate().keys == keys.keys)
    let facts = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["signing.json"])
  }

  @Test("Ten starts at the same moment agree on one key")
  func race() async throws {
    let folder = try TemporaryFolder()
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<10 {
        group.addTask { try SigningKeyFile(path: folder.path + "/k").loadOrCreate().newest.id }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["k"])
  }

  @Test("A file that others may read is refused", arguments: [0o644, 0o640, 0o606, 0o620])
  func permissions(mode: Int) throws {
    let folder = try TemporaryFolder()
    let file = SigningKeyFile(path: folder.path + "/k")
    _ = try file.loadOrCreate()
    try FileManager.default.setAttributes([.posixPermissions: NSNumber(value: mode)], ofItemAtPath: file.path)
    let error = try #require(failure(of: file))
    #expect(error.code == .notPrivate)
    #expect(error.detail.contains("chmod 600"))
  }

  @Test(
    "What is no key file is refused and left alone",
    arguments: [
      "", "{}", #"{"keys":[]}"#, #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]}"#, "{\"a\u{0}\":1}",
    ])
  func nonsense(text: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/k"
    _ = FileManager.default.createFile(
      atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: NSNumber(value: 0o600)])
    let error = try #require(failure(of: SigningKeyFile(path: path)))
    #expect(error.code == .unreadable)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test("A symbolic link, a folder and a place that does not exist are refused")
  func places() throws {
    let folder = try TemporaryFolder()
    _ = try SigningKeyFile(path: folder.path + "/real").loadOrCreate()
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link", withDestinationPath: folder.path + "/real")
    #expect(throws: SigningKeyError.self) { try SigningKeyFile(path: folder.path + "/link").loadOrCreate() }
    #expect(throws: SigningKeyError.self) { try SigningKeyFile(path: folder.path).loadOrCreate() }
    #expect(throws: SigningKeyError.self) { try SigningKeyFile(path: folder.path + "/no/k").loadOrCreate() }
  }

  @Test("After a rotation the new key signs, and the older ones still verify; three are kept")
  func rotation() throws {
    let folder = try TemporaryFolder()
    let file = SigningKeyFile(path: folder.path + "/k")
    let first = try file.loadOrCreate()
    let second = try file.rotate()
    #expect(second.newest != first.newest)
    #expect(second.publicKeys.ids == [first.newest.id, second.newest.id].sorted())
    let issuer = try TokenIssuer(first, issuer: "i", audience: "a", lifetime: 900)
    let token = try issuer.token(for: .random(), session: .random(), now: .init(milliseconds: 1_000_000))
    let reread = try file.loadOrCreate()
    let validator = AuthValidator(
      policy: TokenPolicy(issuer: "i", audience: "a"), source: StaticJWKSSource(reread.publicKeys))
    _ = try validator.verify(token, now: 1_000)
    for _ in 0..<3 { try file.rotate() }
    let later = try file.loadOrCreate()
    #expect(later.keys.count == 3)
    #expect(later.publicKeys[first.newest.id] == nil)
  }

  @Test("A key never describes itself")
  func description() {
    let keys = SigningKeys()
    var dumped = ""
    dump(keys, to: &dumped)
    let secret = Base64URL.encode(keys.newest.seed)
    #expect(
      !dumped.contains(secret) && !"\(keys)".contains(secret) && !"\(keys.newest)".contains("\(keys.newest.seed[0]), "))
  }

  private func failure(of file: SigningKeyFile) -> SigningKeyError? {
    do throws(SigningKeyError) {
      _ = try file.loadOrCreate()
      return nil
    } catch {
      return error
    }
  }
}
