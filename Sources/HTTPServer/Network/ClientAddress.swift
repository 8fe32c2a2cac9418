/// Where a request comes from.
public struct ClientAddress: Sendable, Hashable {
  /// The address in its usual form, without a port: `192.0.2.7`, `2001:db8::7`. IPv4 mapped into IPv6 is shown as IPv4.
  public let address: String
  /// For throttles: the address itself, for IPv6 the /64 that one customer usually has: `2001:db8::/64`.
  public let network: String

  init(_ address: IPAddress) {
    let text = address.description
    self.init(address: text, network: address.isIPv4 ? text : "\(address.masked(to: 64))/64")
  }

  /// An address as text; what is none (a Unix socket) stands for itself.
  init(_ text: String) {
    if let address = IPAddress(text) { self.init(address) } else { self.init(address: text, network: text) }
  }

  private init(address: String, network: String) {
    self.address = address
    self.network = network
  }
}
