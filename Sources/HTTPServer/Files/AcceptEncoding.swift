/// Which content encodings a client takes, by its `Accept-Encoding`.
struct AcceptEncoding: Sendable, Equatable {
  enum Choice: Sendable, Equatable { case identity, gzip, brotli }

  /// Weights in thousandths; 0: refused.
  private var gzip: Int?
  private var brotli: Int?
  private var identity: Int?
  private var others: Int?

  init(_ entries: [Substring]) {
    for entry in entries {
      let parts = entry.split(separator: ";").map(\.trimmingBlanks)
      guard let name = parts.first?.lowercased() else { continue }
      let weight = parts.dropFirst().lazy.compactMap(AcceptEncoding.weight).first ?? 1000
      switch name {
      case "gzip", "x-gzip": gzip = weight
      case "br": brotli = weight
      case "identity": identity = weight
      case "*": others = weight
      default: break
      }
    }
  }

  /// `q=0.8` in thousandths; what is no weight counts as refused.
  private static func weight(_ parameter: Substring) -> Int? {
    guard parameter.lowercased().hasPrefix("q=") else { return nil }
    let digits = parameter.dropFirst(2)
    let fraction = digits.dropFirst().dropFirst()
    guard digits.utf8.count <= 5, let whole = digits.first.flatMap({ $0.wholeNumberValue }), whole <= 1 else {
      return 0
    }
    guard digits.utf8.count == 1 || digits.dropFirst().first == "." else { return 0 }
    guard fraction.isEmpty || fraction.allSatisfy({ $0.isASCII && $0.isNumber }) else { return 0 }
    let thousandths = Int(String(fraction) + String(repeating: "0", count: 3 - fraction.count)) ?? 0
    return min(1000, whole * 1000 + thousandths)
  }

  /// The best of what exists. An encoding that the client likes as much as the plain file wins, Brotli before gzip.
  func choice(gzip hasGzip: Bool, brotli hasBrotli: Bool) -> Choice {
    let plain = identity ?? 1
    let br = hasBrotli ? brotli ?? others ?? 0 : 0
    let gz = hasGzip ? gzip ?? others ?? 0 : 0
    if br > 0, br >= gz, br >= plain { return .brotli }
    if gz > 0, gz >= plain { return .gzip }
    return .identity
  }
}
