/// Finds the route of a path: a tree of segments in one array, built once.
struct RouteTable: Sendable {
  enum Match: Sendable {
    case route(Int, parameters: [String])
    /// The path exists for these methods only.
    case otherMethods([Method])
    case nothing
  }

  private struct Node {
    var literals: [(text: String, node: Int)] = []
    var parameter: Int?
    /// Indices of routes.
    var routes: [(method: Method, route: Int)] = []
  }

  private var nodes = [Node()]

  init(_ entries: [Routes.Entry]) {
    for (route, entry) in entries.enumerated() {
      var node = 0
      for segment in entry.pattern.segments { node = child(of: node, segment) }
      let isTaken = nodes[node].routes.contains { $0.method == entry.method }
      if !isTaken { nodes[node].routes.append((entry.method, route)) }
    }
  }

  private mutating func child(of node: Int, _ segment: RoutePattern.Segment) -> Int {
    switch segment {
    case .literal(let text):
      if let known = nodes[node].literals.first(where: { $0.text == text }) { return known.node }
      nodes[node].literals.append((text, nodes.count))
    case .parameter:
      if let known = nodes[node].parameter { return known }
      nodes[node].parameter = nodes.count
    }
    nodes.append(Node())
    return nodes.count - 1
  }

  /// - Parameter segments: decoded.
  func match(_ method: Method, _ segments: [String]) -> Match {
    var parameters: [String] = []
    guard let node = find(segments[...], from: 0, &parameters) else { return .nothing }
    if let route = nodes[node].routes.first(where: { $0.method == method }) {
      return .route(route.route, parameters: parameters)
    }
    if method == .HEAD, let route = nodes[node].routes.first(where: { $0.method == .GET }) {
      return .route(route.route, parameters: parameters)
    }
    return .otherMethods(allowed(at: node))
  }

  private func allowed(at node: Int) -> [Method] {
    let own = nodes[node].routes.map(\.method)
    return Method.allCases.filter { method in
      own.contains(method) || method == .OPTIONS || (method == .HEAD && own.contains(.GET))
    }
  }

  /// Literals first; where they lead nowhere, back to the parameter. Depth is bounded by the longest pattern.
  private func find(_ segments: ArraySlice<String>, from node: Int, _ parameters: inout [String]) -> Int? {
    guard let segment = segments.first else { return nodes[node].routes.isEmpty ? nil : node }
    if let literal = nodes[node].literals.first(where: { $0.text == segment }),
      let found = find(segments.dropFirst(), from: literal.node, &parameters)
    {
      return found
    }
    guard let parameter = nodes[node].parameter, !segment.isEmpty else { return nil }
    parameters.append(segment)
    if let found = find(segments.dropFirst(), from: parameter, &parameters) { return found }
    parameters.removeLast()
    return nil
  }

  /// The decoded segments of a path; nil where one is badly encoded.
  static func segments(of path: String) -> [String]? {
    var path = path
    let cuts = path.withUTF8 { utf8 in utf8.indices.filter { utf8[$0] == UInt8(ascii: "/") } }
    var segments: [String] = []
    segments.reserveCapacity(cuts.count)
    for (index, cut) in cuts.enumerated() {
      let start = path.utf8.index(path.startIndex, offsetBy: cut + 1)
      let end = index + 1 < cuts.count ? path.utf8.index(path.startIndex, offsetBy: cuts[index + 1]) : path.endIndex
      guard let segment = PercentCoding.decode(path[start..<end]) else { return nil }
      segments.append(segment)
    }
    return segments
  }
}
