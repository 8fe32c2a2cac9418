/// `/chat/{id}/info` taken apart.
struct RoutePattern: Sendable {
  enum Segment: Sendable, Hashable {
    case literal(String)
    case parameter(String)
  }

  /// As written; the label of its metrics.
  let text: String
  let segments: [Segment]

  init(_ text: String) {
    self.text = text
    segments = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
      part.hasPrefix("{") && part.hasSuffix("}")
        ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
    }
  }

  var parameterNames: [String] {
    segments.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
  }
}
