/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
public struct AddressBlock: Sendable, Hashable {
  private let base: IPAddress
  /// Bits of 128; an IPv4 prefix counts from the 97th.
  private let bits: Int

  /// Parses `address` or `address/prefix`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ IPAddress($0) }), parts.count <= 2 else { return nil }
    let width = address.isIPv4 ? 32 : 128
    var prefix = width
    if parts.count == 2 {
      guard let number = Int(parts[1]), 0...width ~= number else { return nil }
      prefix = number
    }
    bits = prefix + 128 - width
    base = address.masked(to: bits)
  }

  func contains(_ address: IPAddress) -> Bool { address.masked(to: bits) == base }
}
