import Foundation
import Testing

@testable import AuthValidator

@Suite("JSON strings before the decoder")
struct JSONGuardTests {
  @Test(
    "Malformed strings are seen, as keys and as values",
    arguments: [
      "a\u{0}b", "a\tb", "a\nb", #"\q"#, #"\ud800"#, #"\udc00"#, #"\ud83dx"#, #"\ud83d\u0041"#, #"\u00"#, #"\u00g0"#,
      "\\",
      #"\ud83d\u"#,
    ])
  func malformed(text: String) {
    #expect(!JSONGuard.hasWellFormedStrings(Array("{\"\(text)\":1}".utf8)))
    #expect(!JSONGuard.hasWellFormedStrings(Array("{\"a\":\"\(text)\"}".utf8)))
  }

  @Test("Bytes that are no UTF-8 are seen")
  func notUTF8() {
    #expect(!JSONGuard.hasWellFormedStrings(Array("{\"a".utf8) + [0xFF] + Array("\":1}".utf8)))
    #expect(!JSONGuard.hasWellFormedStrings([0xED, 0xA0, 0x80]))
  }

  @Test(
    "Good JSON passes",
    arguments: [
      "", "{}", #"{"a":"b"}"#, #"{"\u00e9\ud83d\ude00":"\"\\\/\b\f\n\r\t"}"#, "{\n\t\"é\" : [1, \"😀\"]\r\n}",
      #"["",""]"#,
    ])
  func good(text: String) { #expect(JSONGuard.hasWellFormedStrings(Array(text.utf8))) }

  @Test("A token whose header would stop the decoder is merely malformed", arguments: ["a\u{0}b", #"\ud800"#, #"\q"#])
  func header(key: String) throws {
    let factory = TokenFactory()
    let token = try factory.sign(header: "{\"alg\":\"EdDSA\",\"kid\":\"k1\",\"\(key)\":1}", payload: factory.payload)
    #expect(throws: TokenError(.malformed)) { try factory.validator().verify(token, now: 1_100) }
  }

  @Test("Random damage to good JSON never stops the process")
  func damaged() {
    var generator = SystemRandomNumberGenerator()
    let good = Array(#"{"alg":"EdDSA","kid":"k1","x\u00e9":{"y":[1,2,"\ud83d\ude00"]},"typ":"JWT"}"#.utf8)
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      guard JSONGuard.hasWellFormedStrings(bytes) else { continue }
      _ = try? JSONDecoder().decode([String: AnyField].self, from: Data(bytes))
    }
  }

  private struct AnyField: Decodable {
    init(from decoder: any Decoder) throws {
      _ = try? decoder.container(keyedBy: Name.self).allKeys
      _ = try? decoder.singleValueContainer().decode(String.self)
    }

    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }
}
