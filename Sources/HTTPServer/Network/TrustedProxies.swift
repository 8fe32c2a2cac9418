/// The proxies whose `X-Forwarded-For` is believed.
public struct TrustedProxies: Sendable, Equatable {
  private let blocks: [AddressBlock]

  public init(_ blocks: [AddressBlock] = []) { self.blocks = blocks }

  func contains(_ address: IPAddress) -> Bool { blocks.contains { $0.contains(address) } }

  /// The client's address: the peer's, unless that is a trusted proxy; then the right-most forwarded address that is none.
  ///
  /// Everything to the left of that one was written by somebody whom nobody vouches for. An entry that is no address ends the search: the
  /// last address known to be true counts.
  func client(peer: IPAddress, forwardedFor lines: [String]) -> IPAddress {
    guard !blocks.isEmpty, contains(peer) else { return peer }
    var known = peer
    for entry in lines.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }).reversed() {
      guard let address = TrustedProxies.address(entry.trimmingBlanks) else { return known }
      if !contains(address) { return address }
      known = address
    }
    return known
  }

  /// Some proxies add the port: `192.0.2.7:5000`, `[2001:db8::7]:5000`.
  private static func address(_ entry: Substring) -> IPAddress? {
    if let address = IPAddress(entry) { return address }
    guard let colon = entry.lastIndex(of: ":"), Int(entry[entry.index(after: colon)...]) != nil else { return nil }
    return IPAddress(entry[..<colon])
  }
}
