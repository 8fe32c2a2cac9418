/// What the `{name}` segments of a route's pattern stand for in this request, percent-decoded; never empty.
public struct PathParameters: Sendable, Equatable {
  var names: [String] = []
  var values: [String] = []

  public init() {}

  init(names: [String], values: [String]) {
    self.names = names
    self.values = values
  }

  /// For tests of handlers.
  public init(_ pairs: [(name: String, value: String)]) {
    names = pairs.map(\.name)
    values = pairs.map(\.value)
  }

  public subscript(name: String) -> String? {
    names.firstIndex(of: name).map { values[$0] }
  }

  /// The parameter as a `T`.
  /// - Parameter problem: thrown when it is none; without it `Problem.invalidRequest` naming the parameter.
  public func require<T: LosslessStringConvertible>(
    _ name: String, as type: T.Type = T.self, orThrow problem: Problem? = nil
  ) throws(Problem) -> T {
    try require(name, orThrow: problem) { T($0) }
  }

  /// What `parse` makes of the parameter.
  /// - Parameter problem: thrown when it makes nothing of it; without it `Problem.invalidRequest` naming the parameter.
  public func require<T>(
    _ name: String, orThrow problem: Problem? = nil, parse: (String) -> T?
  ) throws(Problem) -> T {
    guard let text = self[name], let value = parse(text) else {
      throw problem ?? .invalidRequest(field: name, reason: "in the path is not valid")
    }
    return value
  }
}
