import ChatDomain

/// The form of names and passwords. Pure.
enum AccountRules {
  /// Folds the name to lower case.
  /// - Throws: `.invalid`.
  static func username(_ text: String) throws(AuthError) -> String {
    guard let name = possibleUsername(text) else {
      throw AuthError(.invalid(field: "username"), "must be 3 to 32 of a-z, 0-9, _, . and -")
    }
    return name
  }

  /// The folded name; nil for one that nobody can have.
  static func possibleUsername(_ text: String) -> String? {
    guard AccountLimits.username.contains(text.utf8.count) else { return nil }
    var folded: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte + 32)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "."), UInt8(ascii: "-"):
        folded.append(byte)
      default: return nil
      }
    }
    return String(decoding: folded, as: UTF8.self)
  }

  /// Characters are Unicode scalars, taken as they come.
  /// - Throws: `.invalid`.
  static func newPassword(_ text: String, field: String) throws(AuthError) -> String {
    guard AccountLimits.password.contains(text.unicodeScalars.count) else {
      throw AuthError(.invalid(field: field), "must be 8 to 256 characters")
    }
    return text
  }

  /// A password that is to be proven: one that is too short is merely wrong, one that is too long is not worth a hash.
  /// - Throws: `.invalid`.
  static func triedPassword(_ text: String, field: String) throws(AuthError) -> String {
    guard text.unicodeScalars.count <= AccountLimits.password.upperBound else {
      throw AuthError(.invalid(field: field), "must be at most 256 characters")
    }
    return text
  }

  /// Without white space at its ends.
  /// - Throws: `.invalid`.
  static func displayName(_ text: String) throws(AuthError) -> String {
    let blank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
    var scalars = text.unicodeScalars[...].drop(while: blank)
    while let last = scalars.last, blank(last) { scalars.removeLast() }
    guard AccountLimits.displayName.contains(scalars.count) else {
      throw AuthError(.invalid(field: "display_name"), "must be 1 to 64 characters, not all blank")
    }
    guard !scalars.contains(where: isHarmful) else {
      throw AuthError(.invalid(field: "display_name"), "must hold no control characters")
    }
    guard scalars.contains(where: { !blank($0) && !$0.properties.isDefaultIgnorableCodePoint }) else {
      throw AuthError(.invalid(field: "display_name"), "must hold something visible")
    }
    return String(scalars)
  }

  /// Control characters, line and paragraph separators, and the marks that turn the direction of the text around them (with which one name can be
  /// made to look like another).
  private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: 0x202A...0x202E ~= scalar.value || 0x2066...0x2069 ~= scalar.value
    }
  }
}
