import AuthValidator
import ChatDomain

extension UserCursor {
  /// The opaque form: base64url of the section, the word, a zero byte and the username.
  var text: String {
    Base64URL.encode([section.rawValue] + Array(word.utf8) + [0] + Array(username.utf8))
  }

  /// nil for what `text` never makes.
  init?(text: String) {
    // A word of 64 scalars can grow when it is folded, each to twelve bytes at most.
    guard
      text.utf8.count <= 2_048, let bytes = Base64URL.decode(text), let section = bytes.first.flatMap(Section.init),
      let end = bytes[1...].firstIndex(of: 0)
    else { return nil }
    guard
      let word = String(validating: bytes[1..<end], as: UTF8.self),
      let username = String(validating: bytes[(end + 1)...], as: UTF8.self),
      AccountRules.possibleUsername(username) == username, word.isEmpty == (section == .username)
    else { return nil }
    self.init(section, word: word, username: username)
  }
}
