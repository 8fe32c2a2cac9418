/// The part of a target after `?`, decoded (`+` is a space). No name may occur twice.
public struct Query: Sendable, Equatable {
  /// More parameters than any route reads.
  static let maximumParameters = 64

  private var parameters: [(name: String, value: String)] = []

  public init() {}

  /// - Throws: `Problem.invalidRequest` for bad percent-encoding, a name that occurs twice, or more than 64 parameters.
  public init(_ text: some StringProtocol) throws(Problem) {
    for pair in text.split(separator: "&") {
      let equals = pair.firstIndex(of: "=") ?? pair.endIndex
      guard let name = PercentCoding.decode(pair[..<equals], plusIsSpace: true),
        let value = PercentCoding.decode(pair[equals...].dropFirst(), plusIsSpace: true)
      else { throw .invalidRequest(reason: "the query is not well encoded") }
      guard !contains(name) else { throw .invalidRequest(field: name, reason: "is given twice in the query") }
      guard parameters.count < Query.maximumParameters else {
        throw .invalidRequest(reason: "the query has more than \(Query.maximumParameters) parameters")
      }
      parameters.append((name, value))
    }
  }

  public static func == (a: Query, b: Query) -> Bool {
    a.parameters.elementsEqual(b.parameters) { $0 == $1 }
  }

  public func contains(_ name: String) -> Bool { string(name) != nil }

  /// The value as it is; `""` for a name without one.
  public func string(_ name: String) -> String? {
    parameters.first { $0.name == name }?.value
  }

  /// A whole number within `range`, or `fallback` where the name is absent.
  /// - Throws: `Problem.invalidRequest` naming the parameter.
  public func int(_ name: String, in range: ClosedRange<Int>, default fallback: Int) throws(Problem) -> Int {
    guard let text = string(name) else { return fallback }
    // `Int` also reads "+5", which no client sends on purpose.
    guard let number = Int(text), !text.hasPrefix("+") else {
      throw .invalidRequest(field: name, reason: "must be a whole number")
    }
    guard range.contains(number) else {
      throw .invalidRequest(field: name, reason: "must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// What `parse` makes of the value, or nil where the name is absent.
  /// - Parameter expected: completes "must be …", such as "a UUID".
  /// - Throws: `Problem.invalidRequest` naming the parameter when `parse` returns nil.
  public func value<T>(_ name: String, _ expected: String, parse: (String) -> T?) throws(Problem) -> T? {
    guard let text = string(name) else { return nil }
    guard let value = parse(text) else { throw .invalidRequest(field: name, reason: "must be \(expected)") }
    return value
  }
}
