import HTTPServer
import Testing

struct JSONTests {
  private struct Body: Decodable, Equatable {
    struct Inner: Decodable, Equatable { var count: Int }
    var text: String
    var count: Int8?
    var members: [Inner]?
    var inner: Inner?
    var flag: Bool?
  }

  private func decode(_ json: String, type: String? = nil) throws -> Body {
    try decode(bytes: Array(json.utf8), type: type)
  }

  private func decode(bytes: [UInt8], type: String? = nil) throws -> Body {
    var headers = Headers()
    headers["Content-Type"] = type
    return try Request(.POST, "/", headers: headers, body: bytes).json()
  }

  private func refusal(_ json: String, type: String? = nil) -> String? { refusal(bytes: Array(json.utf8), type: type) }

  private func refusal(bytes: [UInt8], type: String? = nil) -> String? {
    do {
      _ = try decode(bytes: bytes, type: type)
      return nil
    } catch let problem as Problem {
      return problem.code == "invalid_request" ? problem.detail : problem.code
    } catch {
      return "another error"
    }
  }

  @Test func whatIsGoodIsRead() throws {
    #expect(try decode("{\"text\":\"hi\"}") == Body(text: "hi"))
    #expect(try decode(" {\"text\":\"\\u00e4\\ud83d\\ude00\\n\",\"more\":[1,-2.5e3,null,true,{}]} \n").text == "ä😀\n")
    #expect(try decode("{\"text\":\"a\",\"text\":\"a\"}").text == "a")
    #expect(try decode("{\"text\":\"hi\"}", type: "Application/JSON; charset=utf-8").text == "hi")
  }

  @Test func theFieldIsNamed() {
    #expect(refusal("{}") == "text is missing")
    #expect(refusal("{\"text\":1}") == "text must be a string")
    #expect(refusal("{\"text\":null}")?.hasPrefix("text must") == true)
    #expect(refusal("{\"text\":\"a\",\"members\":[{\"count\":1},{}]}") == "members.1.count is missing")
    #expect(refusal("{\"text\":\"a\",\"inner\":{\"count\":\"1\"}}") == "inner.count must be a whole number")
    #expect(refusal("{\"text\":\"a\",\"inner\":[]}")?.hasPrefix("inner ") == true)
    #expect(refusal("{\"text\":\"a\",\"flag\":0}") == "flag must be a boolean")
    #expect(refusal("{\"text\":\"a\",\"count\":1000}") == "a number is out of range")
    #expect(refusal("{\"text\":\"a\",\"count\":1.5}")?.hasPrefix("count ") == true)
    #expect(refusal("{\"text\":\"a\",\"count\":1e999999}")?.hasPrefix("count ") == true)
    #expect(refusal("{\"text\":\"a\",\"count\":\(String(repeating: "9", count: 10_000))}")?.hasPrefix("count ") == true)
  }

  @Test func badTextIsRefusedByField() {
    #expect(refusal("{\"text\":\"a\\u0000\"}") == "text holds a NUL")
    #expect(refusal("{\"text\":\"\\ud800\"}") == "text holds a lone surrogate")
    #expect(refusal("{\"text\":\"\\udc00\\ud800\"}") == "text holds a lone surrogate")
    #expect(refusal("{\"text\":\"\\ud800\\u0041\"}") == "text holds a lone surrogate")
    #expect(refusal("{\"text\":\"a\",\"x\":{\"y\":[\"ok\",\"\\u0000\"]}}") == "x.y.1 holds a NUL")
    let bad: [[UInt8]] = [
      [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0xC3], [0x80],
      [0xF0, 0x80, 0x80, 0x80],
    ]
    for bytes in bad {
      #expect(
        refusal(bytes: Array("{\"text\":\"".utf8) + bytes + Array("\"}".utf8)) == "text is not valid UTF-8", "\(bytes)")
      #expect(refusal(bytes: Array("{\"text\":\"".utf8) + bytes)?.contains("not valid") == true, "\(bytes)")
    }
  }

  @Test(arguments: [
    "", " ", "[]", "1", "null", "\"a\"", "{", "}", "{]", "{\"text\"}", "{\"text\":}", "{\"text\":\"a\",}",
    "{text:\"a\"}",
    "{'text':'a'}", "{\"text\":\"a\"} x", "{\"text\":\"a\"}{}", "{\"text\":\"a", "{\"text\":\"\\x\"}",
    "{\"text\":\"\n\"}",
    "{\"text\":\"a\",\"n\":01}", "{\"text\":\"a\",\"n\":.5}", "{\"text\":\"a\",\"n\":1.}", "{\"text\":\"a\",\"n\":+1}",
    "{\"text\":\"a\",\"n\":NaN}", "{\"text\":\"a\",\"n\":1e}", "{\"text\":\"a\",\"n\":tru}", "{\"text\":\"a\",\"n\":-}",
    "{\"text\":\"a\"/**/}", "\u{FEFF}{\"text\":\"a\"}", "{\"text\":\"\\u12\"}", "{\"text\":\"a\" \"b\":1}", "{,}",
  ])
  func whatIsNoJSONObjectIsRefused(json: String) {
    #expect(refusal(json) != nil)
  }

  @Test func depthIsBounded() throws {
    func nested(_ depth: Int) -> String {
      "{\"text\":\"a\",\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
    }
    #expect(refusal(nested(31)) == nil)
    #expect(refusal(nested(32))?.contains("nested deeper") == true)
    #expect(refusal(nested(30_000))?.contains("nested deeper") == true)
    #expect(refusal(String(repeating: "{\"a\":", count: 10_000))?.contains("nested deeper") == true)
  }

  @Test func anotherContentTypeIsRefused() {
    for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
      #expect(refusal("{\"text\":\"a\"}", type: type) == "Content-Type must be application/json")
    }
  }

  @Test func everyTruncationIsRefusedAndNoneCrashes() {
    let json = Array("{\"text\":\"ä\\ud83d\\ude00\",\"n\":[1.5e-3,true,{\"a\":null}]}".utf8)
    for length in 0..<json.count { #expect(refusal(bytes: Array(json[..<length])) != nil) }
    #expect(refusal(bytes: json) == nil)
  }

  @Test func randomBytesNeverCrash() {
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: .min ... .max, using: &generator)
    var random = SeededGenerator(seed: seed)
    let alphabet = Array("{}[]\",:\\u0de1-+.eE \u{80}truefalsn".utf8) + [0, 0xC3, 0xED, 0xF4]
    for _ in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      _ = refusal(bytes: Array("{\"text\":".utf8) + bytes)
    }
    print("seed \(seed)")
  }

  @Test func answersAreEncodedWithoutEscapedSlashes() throws {
    let response = try Response.json(["url": "a/b"], status: .created)
    #expect(String(decoding: response.bytes, as: UTF8.self) == "{\"url\":\"a/b\"}")
    #expect(response.status == .created)
    #expect(response.contentType == "application/json")
  }
}

private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
