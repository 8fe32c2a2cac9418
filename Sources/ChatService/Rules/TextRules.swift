import ChatDomain
import HTTPServer

/// What texts and titles may be.
enum TextRules {
  /// 1–4,000 Unicode scalars, not all blank.
  static func text(_ text: String) throws(Problem) -> String {
    try check(text, field: "text", scalars: ChatLimits.textScalars)
    return text
  }

  /// 1–100 Unicode scalars, not all blank, on one line.
  static func title(_ title: String) throws(Problem) -> String {
    try check(title, field: "title", scalars: ChatLimits.titleScalars)
    if title.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      throw .invalidRequest(field: "title", reason: "has a control character")
    }
    return title
  }

  private static func check(_ text: String, field: String, scalars limit: Int) throws(Problem) {
    // A scalar takes four bytes at most: short texts need no count.
    if text.utf8.count > limit, text.unicodeScalars.count > limit {
      throw .invalidRequest(field: field, reason: "must have at most \(limit) characters")
    }
    if text.unicodeScalars.allSatisfy({ $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint }) {
      throw .invalidRequest(field: field, reason: "must not be blank")
    }
  }
}
