/// A request target (RFC 9112, 3.2): origin form, or absolute form of which the authority is ignored.
struct Target: Sendable, Equatable {
  /// Begins with `/`; still percent-encoded.
  let path: String
  /// Without the `?`; empty when there is none.
  let query: Substring

  init(_ text: String) throws(Problem) {
    var text = text
    // Nearly all: origin form without a query, checked on the bytes in place.
    let isPlain = text.withUTF8 { utf8 in
      utf8.first == UInt8(ascii: "/")
        && utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    }
    if isPlain {
      path = text
      query = ""
      return
    }
    var rest = text[...]
    if !rest.hasPrefix("/") {
      guard let scheme = ["http://", "https://"].first(where: { rest.lowercased().hasPrefix($0) }) else {
        throw .invalidRequest(reason: "the target is neither a path nor an http URL")
      }
      rest = rest.dropFirst(scheme.utf8.count)
      let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
      guard end > rest.startIndex else { throw .invalidRequest(reason: "the target names no host") }
      rest = rest[end...]
    }
    guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
      throw .invalidRequest(reason: "the target holds characters that must be percent-encoded")
    }
    let mark = rest.utf8.firstIndex(of: UInt8(ascii: "?")) ?? rest.endIndex
    path = mark == rest.startIndex ? "/" : String(rest[..<mark])
    query = rest[mark...].dropFirst()
  }
}
