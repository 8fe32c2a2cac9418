/// Says what is wrong with which field, without quoting what was sent.
enum DecodingProblem {
  /// - Parameter oddNumber: the field to blame when a number did not fit, which is all that can still be wrong with a whole scanned body.
  static func of(_ error: any Error, oddNumber: String?) -> Problem {
    guard let error = error as? DecodingError else {
      return error as? Problem ?? .invalidRequest(reason: "the body is not valid")
    }
    switch error {
    case .keyNotFound(let key, let context):
      return .invalidRequest(field: field(context.codingPath + [key]), reason: "is missing")
    case .valueNotFound(let type, let context):
      return .invalidRequest(field: field(context.codingPath), reason: "must not be null, but \(kind(type))")
    case .typeMismatch(let type, let context):
      return .invalidRequest(field: field(context.codingPath), reason: "must be \(kind(type))")
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      return .invalidRequest(field: oddNumber ?? "a number", reason: "is out of range")
    case .dataCorrupted(let context):
      // A type's own refusal.
      return .invalidRequest(field: field(context.codingPath), reason: "is not valid or out of range")
    @unknown default: return .invalidRequest(reason: "the body is not valid")
    }
  }

  private static func field(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "the body" : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }

  private static func kind(_ type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Bool.Type: "a boolean"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [String: Any].Type: "an object"
    case is [Any].Type: "an array"
    default: "of another type"
    }
  }
}
