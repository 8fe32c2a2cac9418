/// Label names and values, rendered once: `["route": "/chat/{id}", "method": "GET"]`.
public struct Labels: Sendable, Hashable, ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  /// `name="value",…` with the values escaped; empty without labels.
  let text: String

  public init(_ pairs: [(name: String, value: String)]) {
    text = pairs.map { "\($0.name)=\"\(Labels.escaped($0.value))\"" }.joined(separator: ",")
  }

  public init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }

  public init(arrayLiteral elements: (name: String, value: String)...) {
    self.init(elements)
  }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": text += "\\\\"
      case "\"": text += "\\\""
      case "\n": text += "\\n"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
