/// Marks a text with the send it came from: `<chat of the trace>.<number of the send> …`, filled up to its size.
public enum MessageTag {
  /// - Parameter size: UTF-8 bytes; the text is longer where the mark alone is.
  public static func text(traceChat: Int, number: Int, size: Int) -> String {
    let tag = "\(traceChat).\(number)"
    guard tag.utf8.count < size else { return tag }
    let filling = " the quick brown fox jumps over the lazy dog"
    let rest = size - tag.utf8.count
    return tag + String(String(repeating: filling, count: rest / filling.utf8.count + 1).prefix(rest))
  }

  /// The number of the send; nil for a text of another origin.
  public static func number(of text: String) -> Int? {
    let tag = text.prefix { $0 != " " }
    guard let dot = tag.firstIndex(of: "."), Int(tag[..<dot]) != nil else { return nil }
    return Int(tag[tag.index(after: dot)...])
  }
}
