import AuthValidator
import ChatDomain
import HTTPServer
import Testing

@testable import AuthService

@Suite("Names, cursors and questions")
struct AccountRulesTests {
  @Test("Usernames are folded", arguments: [("Ann", "ann"), ("A.b-C_9", "a.b-c_9"), ("abc", "abc")])
  func folded(text: String, name: String) throws { #expect(try AccountRules.username(text) == name) }

  @Test(
    "What is no username",
    arguments: [
      "", "ab", String(repeating: "a", count: 33), "a b c", "änn", "ann\0", "ann\n", "K\u{212A}k", "a/b", "ａｎｎ",
    ])
  func noUsername(text: String) { #expect(throws: AuthError.self) { try AccountRules.username(text) } }

  @Test("Display names are trimmed", arguments: [("  Ann \n", "Ann"), ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"), ("a\u{301}", "a\u{301}")])
  func trimmed(text: String, name: String) throws { #expect(try AccountRules.displayName(text) == name) }

  @Test(
    "What is no display name",
    arguments: [
      "", "   ", "\u{3000}", "a\u{0}b", "a\nb", "a\u{7F}b", "a\u{85}b", "\u{200B}", "\u{200D}\u{FE0F}", "\u{202E}nna",
      "a\u{2066}b", "a\u{2028}b", String(repeating: "x", count: 65),
    ])
  func noDisplayName(text: String) { #expect(throws: AuthError.self) { try AccountRules.displayName(text) } }

  @Test("Passwords count in Unicode scalars")
  func passwords() throws {
    for good in ["12345678", String(repeating: "x", count: 256), String(repeating: "é", count: 8)] {
      _ = try AccountRules.newPassword(good, field: "password")
    }
    for bad in ["1234567", String(repeating: "x", count: 257)] {
      #expect(throws: AuthError.self) { try AccountRules.newPassword(bad, field: "password") }
    }
  }

  @Test("A cursor goes to text and back")
  func cursor() {
    for cursor in [
      UserCursor(.username, word: "", username: "ann"), UserCursor(.word, word: "żółw", username: "a-b"),
    ] {
      #expect(UserCursor(text: cursor.text) == cursor)
    }
  }

  @Test("What is no cursor")
  func noCursor() {
    let made: [[UInt8]] = [
      [], [0], [0, 0], [2, 0, 97, 98, 99], [1, 0, 97, 98, 99], [0, 97, 0, 97, 98, 99], [0, 0, 65, 66, 67],
      [1, 0xFF, 0, 97, 98, 99], [0, 0, 97, 98, 99, 0],
    ]
    for bytes in made { #expect(UserCursor(text: Base64URL.encode(bytes)) == nil, "\(bytes)") }
    for text in ["!", "AA==", String(repeating: "A", count: 4_000)] { #expect(UserCursor(text: text) == nil) }
  }

  @Test("Questions out of their limits name the parameter")
  func questions() throws {
    let hundred = (0..<100).map { _ in UserID.random().description }.joined(separator: ",")
    _ = try UserListQuestion(Query("ids=\(hundred)"))
    for query in [
      "ids=\(hundred),\(UserID.random())", "ids=x", "ids=,", "quantity=0", "quantity=101", "after=zz",
      "ids=\(UserID.random())&query=a", "query=\(String(repeating: "a", count: 129))",
    ] {
      #expect(throws: Problem.self) { try UserListQuestion(Query(query)) }
    }
  }

  @Test("A refresh token goes to text and back, and nothing else is one")
  func refreshTokens() throws {
    let first = RefreshTokenText.first()
    let next = first.successor()
    #expect(first.text.utf8.count == 107)
    #expect(RefreshTokenText(first.text)?.token == first.token)
    #expect(next.token.session == first.token.session && next.token.family == first.token.family)
    #expect(next.token.own != first.token.own)
    for text in ["", "x", first.text + "A", String(first.text.dropLast()), first.text.replacingCharacters(")")] {
      #expect(RefreshTokenText(text) == nil)
    }
  }
}

extension String {
  fileprivate func replacingCharacters(_ last: Character) -> String { dropLast() + String(last) }
}
