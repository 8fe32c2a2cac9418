import NIOHTTP1

/// Header fields in order; names compare without case.
public struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  var fields: HTTPHeaders

  public init() { fields = HTTPHeaders() }

  init(_ fields: HTTPHeaders) { self.fields = fields }

  public init(dictionaryLiteral elements: (String, String)...) {
    fields = HTTPHeaders(elements)
  }

  /// The first value of a name. Setting replaces all of that name, nil removes them.
  public subscript(name: String) -> String? {
    get { fields.first(name: name) }
    set {
      if let newValue { fields.replaceOrAdd(name: name, value: newValue) } else { fields.remove(name: name) }
    }
  }

  /// All values of a name, each line by itself.
  public func all(_ name: String) -> [String] { fields[name] }

  public mutating func add(_ name: String, _ value: String) { fields.add(name: name, value: value) }

  public var isEmpty: Bool { fields.isEmpty }

  /// The values of a comma-separated field over all its lines, in order, without the blanks around them.
  func list(_ name: String) -> [Substring] {
    fields[name].flatMap { $0.split(separator: ",") }.map(\.trimmingBlanks)
  }
}

extension Substring {
  /// Without spaces and tabs at both ends.
  var trimmingBlanks: Substring {
    var part = self
    while let first = part.utf8.first, first == 0x20 || first == 0x09 { part = part.dropFirst() }
    while let last = part.utf8.last, last == 0x20 || last == 0x09 { part = part.dropLast() }
    return part
  }
}
