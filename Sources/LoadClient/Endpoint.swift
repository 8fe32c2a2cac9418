/// Where a server listens, in the clear.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  public let host: String
  public let port: Int

  public init(host: String = "127.0.0.1", port: Int) {
    self.host = host
    self.port = port
  }

  /// Parses `http://host:port`, with or without a slash behind it.
  /// - Throws: `.invalidURL`.
  public init(url: String) throws(ClientError) {
    let refusal = ClientError(.invalidURL, "'\(url)' is not of the form http://host:port")
    guard url.hasPrefix("http://") else { throw refusal }
    var authority = url.dropFirst("http://".count)
    if authority.hasSuffix("/") { authority.removeLast() }
    guard !authority.isEmpty, !authority.contains(where: { "/?#@".contains($0) }) else { throw refusal }
    guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else {
      self.init(host: Endpoint.bare(authority), port: 80)
      return
    }
    guard let port = Int(authority[authority.index(after: colon)...]), (1...65_535).contains(port)
    else { throw refusal }
    self.init(host: Endpoint.bare(authority[..<colon]), port: port)
  }

  /// An IPv6 address without its brackets.
  private static func bare(_ host: Substring) -> String {
    host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host)
  }

  /// As the `Host` header has it.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
